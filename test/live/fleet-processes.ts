// Which processes of a live fleet there are on this machine, read from /proc.
import { readFileSync, readdirSync, readlinkSync } from "node:fs";

export interface FleetProcess {
  readonly pid: number;
  readonly parent: number;
  readonly entry: string;
  /** `T` = stopped. */
  readonly state: string;
}

/** The living fleet processes (guard included) whose parent is `harness`, or, if it is null, of anyone. */
export function fleetProcesses(harness: number | null): FleetProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): FleetProcess[] => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
        const entry = /(service|load|guard)-process\.js$/.exec(command[1] ?? "")?.[0];
        const fields = readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]!.split(" ");
        const [state, parent] = [fields[0]!, Number(fields[1])];
        if (entry === undefined || state === "Z" || (harness !== null && parent !== harness)) return [];
        return [{ pid: Number(name), parent, entry, state }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

/** Local addresses that the process listens on, as /proc/net writes them: hexadecimal address and port. */
export function listeningAddresses(pid: number): string[] {
  const inodes = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const socket = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`));
    if (socket !== null) inodes.add(socket[1]!);
  }
  const LISTEN = "0A";
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN && inodes.has(fields[9]!))
      .map((fields) => fields[1]!),
  );
}

export function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]![0] !== "Z";
  } catch {
    return false;
  }
}
