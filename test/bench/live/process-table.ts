// What Linux knows of processes: CPU time, memory, and whether they are still there.
import { readFileSync } from "node:fs";

/** Clock ticks a second, as /proc counts; the same on every Linux that Node runs on. */
const TICKS = 100;
/** Fields after the name in /proc/<pid>/stat: of the process itself, and of its children that have ended. */
const OWN = [11, 12];
const CHILDREN = [13, 14];

/** User and system time of a process so far, in seconds. */
export function cpuSecondsOf(pid: number): number {
  return seconds(String(pid), OWN);
}

/** User and system time of all children of this process that have ended. */
export function cpuSecondsOfChildren(): number {
  return seconds("self", CHILDREN);
}

/** Proportional set size: shared pages count by share, so sizes of several processes add up. */
export function pssMb(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}

function seconds(pid: string, fields: readonly number[]): number {
  const values = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return fields.reduce((sum, field) => sum + Number(values[field]), 0) / TICKS;
}
