// What works or waits at all instances, by the time at which it is done: an indexed 4-ary heap of strands, and before it
// a wheel (wheel.ts) where there are more than a few. Equal times: the lower rank first, then who was added first. Hot code.
import * as STRAND from "./fields/strand.ts";
import * as STRAND_REAL from "./fields/strand-real.ts";
import { NONE, REAL_SHIFT } from "./fields/widths.ts";
import { CLOCK, COUNT, INT, NOW, REAL, TASK, TASK_MS, TASK_ORDER, TASK_STRAND, TASKS, WHEEL_FIRST } from "./memory.ts";
import { precedes, removeFromWheel, tryAddToWheel } from "./wheel.ts";

/** So many are as cheap in the heap. */
const FEW = 8;

/** A strand is done after its `timeMs`. */
export function addTask(strand: number, rank: number): void {
  INT[strand + STRAND.rank] = rank;
  const order = COUNT[TASK_ORDER]!;
  INT[strand + STRAND.taskOrder] = order;
  COUNT[TASK_ORDER] = (order + 1) | 0;
  const ms = CLOCK[NOW]! + REAL[(strand >> REAL_SHIFT) + STRAND_REAL.timeMs]!;
  const place = COUNT[TASKS]!;
  if ((place < FEW && COUNT[WHEEL_FIRST] === NONE) || !tryAddToWheel(strand, ms)) {
    COUNT[TASKS] = place + 1;
    TASK_MS[place] = ms;
    TASK_STRAND[place] = strand;
    rise(place);
  }
  if (ms < CLOCK[TASK]!) CLOCK[TASK] = ms;
}

/** The strand that is done first; there is one. */
export function firstTask(): number {
  const first = COUNT[WHEEL_FIRST]!;
  if (first === NONE) return TASK_STRAND[0]!;
  if (COUNT[TASKS] === 0) return first;
  const wheelMs = REAL[(first >> REAL_SHIFT) + STRAND_REAL.dueMs]!;
  const heapMs = TASK_MS[0]!;
  return wheelMs < heapMs || (wheelMs === heapMs && precedes(first, TASK_STRAND[0]!)) ? first : TASK_STRAND[0]!;
}

/** Takes the strand that is done first away; there is one. */
export function takeTask(): number {
  const strand = firstTask();
  removeTask(strand);
  return strand;
}

/** Withdraws a strand that is among them. */
export function removeTask(strand: number): void {
  const place = INT[strand + STRAND.place]!;
  if (place < 0) removeFromWheel(strand);
  else {
    const last = COUNT[TASKS]! - 1;
    COUNT[TASKS] = last;
    INT[strand + STRAND.place] = NONE;
    if (place < last) {
      TASK_MS[place] = TASK_MS[last]!;
      TASK_STRAND[place] = TASK_STRAND[last]!;
      sink(place);
      if (place > 0) rise(place);
    }
  }
  const heapMs = COUNT[TASKS]! > 0 ? TASK_MS[0]! : Infinity;
  const first = COUNT[WHEEL_FIRST]!;
  if (first === NONE) CLOCK[TASK] = heapMs;
  else {
    const wheelMs = REAL[(first >> REAL_SHIFT) + STRAND_REAL.dueMs]!;
    CLOCK[TASK] = wheelMs < heapMs ? wheelMs : heapMs;
  }
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
