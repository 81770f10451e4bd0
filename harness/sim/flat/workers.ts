// The workers of all instances and the lines before them: service/worker-pool.ts over flat records. Hot code.
import * as FLAG from "./fields/flag.ts";
import * as UNIT from "./fields/unit.ts";
import * as VISIT from "./fields/visit.ts";
import * as VISIT_STATE from "./fields/visit-state.ts";
import { NONE } from "./fields/widths.ts";
import { append, INT, unlink, UNITS } from "./memory.ts";

/** Gives a new visit a worker, if one is free. */
export function tryTake(visit: number, unit: number): boolean {
  if (UNITS[unit + UNIT.busy]! >= UNITS[unit + UNIT.workers]!) return false;
  UNITS[unit + UNIT.busy]!++;
  INT[visit + VISIT.flags]! |= FLAG.holdsWorker;
  return true;
}

/** Puts a new visit into the line, if there is room. */
export function tryQueue(visit: number, unit: number): boolean {
  if (UNITS[unit + UNIT.queued]! >= UNITS[unit + UNIT.queueCapacity]!) return false;
  UNITS[unit + UNIT.queued]!++;
  INT[visit + VISIT.state] = VISIT_STATE.queued;
  append(UNITS[unit + UNIT.line]!, visit);
  return true;
}

/** A visit that gave its worker back wants one again. */
export function wantBack(visit: number, unit: number): void {
  const flags = INT[visit + VISIT.flags]!;
  if ((flags & FLAG.isResuming) !== 0) return;
  INT[visit + VISIT.flags] = flags | FLAG.isResuming;
  append(UNITS[unit + UNIT.resuming]!, visit);
}

/** Async: a visit that only waits for its callees gives its worker back. */
export function settleWorker(visit: number, unit: number): void {
  const flags = INT[visit + VISIT.flags]!;
  if ((flags & FLAG.holdsWorker) === 0 || INT[visit + VISIT.active]! > 0) return;
  if (INT[visit + VISIT.state] !== VISIT_STATE.running) return;
  INT[visit + VISIT.flags] = flags & ~FLAG.holdsWorker;
  UNITS[unit + UNIT.busy]!--;
}

/** Gives a free worker to the next in line: those that had one before go first. NONE = nobody, or no worker. */
export function nextInLine(unit: number): number {
  if (UNITS[unit + UNIT.busy]! >= UNITS[unit + UNIT.workers]!) return NONE;
  const resuming = UNITS[unit + UNIT.resuming]!;
  let visit = INT[resuming + VISIT.next]!;
  if (visit === resuming) {
    const line = UNITS[unit + UNIT.line]!;
    visit = INT[line + VISIT.next]!;
    if (visit === line) return NONE;
  }
  unlink(visit);
  INT[visit + VISIT.flags] = (INT[visit + VISIT.flags]! & ~FLAG.isResuming) | FLAG.holdsWorker;
  UNITS[unit + UNIT.busy]!++;
  return visit;
}

/** A visit ends, or its instance dies: it stands in no line any more. */
export function leaveLine(visit: number): void {
  const isQueued = INT[visit + VISIT.state] === VISIT_STATE.queued && INT[visit + VISIT.previous] !== NONE;
  if (isQueued || (INT[visit + VISIT.flags]! & FLAG.isResuming) !== 0) unlink(visit);
}
