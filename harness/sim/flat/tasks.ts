// What works or waits at all instances, by the time at which it is done: an indexed 4-ary heap of strands. Equal times:
// the lower rank first, then who was added first. Hot code.
import * as STRAND from "./fields/strand.ts";
import * as STRAND_REAL from "./fields/strand-real.ts";
import { NONE, REAL_SHIFT } from "./fields/widths.ts";
import { CLOCK, COUNT, INT, NOW, REAL, TASK, TASK_MS, TASK_ORDER, TASK_STRAND, TASKS } from "./memory.ts";

/** A strand is done after its `timeMs`. */
export function addTask(strand: number, rank: number): void {
  INT[strand + STRAND.rank] = rank;
  const order = COUNT[TASK_ORDER]!;
  INT[strand + STRAND.taskOrder] = order;
  COUNT[TASK_ORDER] = (order + 1) | 0;
  const place = COUNT[TASKS]!;
  COUNT[TASKS] = place + 1;
  TASK_MS[place] = CLOCK[NOW]! + REAL[(strand >> REAL_SHIFT) + STRAND_REAL.timeMs]!;
  TASK_STRAND[place] = strand;
  rise(place);
  CLOCK[TASK] = TASK_MS[0]!;
}

/** Takes the strand that is done first away; there is one. */
export function takeTask(): number {
  const strand = TASK_STRAND[0]!;
  const last = COUNT[TASKS]! - 1;
  COUNT[TASKS] = last;
  INT[strand + STRAND.place] = NONE;
  if (last > 0) {
    TASK_MS[0] = TASK_MS[last]!;
    TASK_STRAND[0] = TASK_STRAND[last]!;
    sink(0);
  }
  CLOCK[TASK] = last > 0 ? TASK_MS[0]! : Infinity;
  return strand;
}

/** Withdraws a strand that is among them. */
export function removeTask(strand: number): void {
  const place = INT[strand + STRAND.place]!;
  const last = COUNT[TASKS]! - 1;
  COUNT[TASKS] = last;
  INT[strand + STRAND.place] = NONE;
  if (place < last) {
    TASK_MS[place] = TASK_MS[last]!;
    TASK_STRAND[place] = TASK_STRAND[last]!;
    sink(place);
    rise(place);
  }
  CLOCK[TASK] = last > 0 ? TASK_MS[0]! : Infinity;
}

/** Lifts what is in a place to where it belongs. */
function rise(from: number): void {
  const ms = TASK_MS[from]!;
  const strand = TASK_STRAND[from]!;
  let place = from;
  while (place > 0) {
    const parent = (place - 1) >> 2;
    const parentMs = TASK_MS[parent]!;
    if (ms > parentMs || (ms === parentMs && !precedes(strand, TASK_STRAND[parent]!))) break;
    const moved = TASK_STRAND[parent]!;
    TASK_MS[place] = parentMs;
    TASK_STRAND[place] = moved;
    INT[moved + STRAND.place] = place;
    place = parent;
  }
  TASK_MS[place] = ms;
  TASK_STRAND[place] = strand;
  INT[strand + STRAND.place] = place;
}

/** Lowers what is in a place to where it belongs. */
function sink(from: number): void {
  const size = COUNT[TASKS]!;
  const ms = TASK_MS[from]!;
  const strand = TASK_STRAND[from]!;
  let place = from;
  for (;;) {
    const first = place * 4 + 1;
    if (first >= size) break;
    const end = first + 4 < size ? first + 4 : size;
    let least = first;
    let leastMs = TASK_MS[first]!;
    for (let child = first + 1; child < end; child++) {
      const childMs = TASK_MS[child]!;
      if (childMs > leastMs) continue;
      if (childMs === leastMs && !precedes(TASK_STRAND[child]!, TASK_STRAND[least]!)) continue;
      least = child;
      leastMs = childMs;
    }
    if (leastMs > ms || (leastMs === ms && !precedes(TASK_STRAND[least]!, strand))) break;
    const moved = TASK_STRAND[least]!;
    TASK_MS[place] = leastMs;
    TASK_STRAND[place] = moved;
    INT[moved + STRAND.place] = place;
    place = least;
  }
  TASK_MS[place] = ms;
  TASK_STRAND[place] = strand;
  INT[strand + STRAND.place] = place;
}

/** Among equal times. */
function precedes(a: number, b: number): boolean {
  const ranks = INT[a + STRAND.rank]! - INT[b + STRAND.rank]!;
  return ranks < 0 || (ranks === 0 && ((INT[a + STRAND.taskOrder]! - INT[b + STRAND.taskOrder]!) | 0) < 0);
}
