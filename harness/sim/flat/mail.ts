// Messages under way: a list per constant network delay, for what was sent first arrives first. The earliest over all
// lists comes next, among equal times the one sent first. Hot code.
import * as VISIT from "./fields/visit.ts";
import * as VISIT_REAL from "./fields/visit-real.ts";
import { assert } from "../../core/assert.ts";
import { NONE, REAL_SHIFT } from "./fields/widths.ts";
import {
  append,
  AT_ONCE,
  CLOCK,
  COUNT,
  FIRST_LANE,
  INT,
  MAIL_DELAY_MS,
  MAIL_LANES,
  MAIL_LIST,
  MESSAGE,
  MESSAGE_ORDER,
  MOST_LANES,
  newList,
  NOW,
  REAL,
  unlink,
} from "./memory.ts";

/** The number of the lane with this delay, for `send`. */
export function mailLane(delayMs: number): number {
  const count = COUNT[MAIL_LANES]!;
  for (let lane = 0; lane < count; lane++) if (MAIL_DELAY_MS[lane] === delayMs) return lane;
  assert(count < MOST_LANES, "a plan has few constant delays");
  MAIL_DELAY_MS[count] = delayMs;
  MAIL_LIST[count] = newList();
  COUNT[MAIL_LANES] = count + 1;
  return count;
}

/** A visit's request or answer goes out, as its state says; or an abandonment. */
export function send(lane: number, message: number): void {
  const dueMs = CLOCK[NOW]! + MAIL_DELAY_MS[lane]!;
  if (dueMs < CLOCK[MESSAGE]! && dueMs === CLOCK[NOW] && COUNT[AT_ONCE] === NONE) {
    COUNT[AT_ONCE] = message;
    return;
  }
  REAL[(message >> REAL_SHIFT) + VISIT_REAL.messageMs] = dueMs;
  const order = COUNT[MESSAGE_ORDER]!;
  INT[message + VISIT.messageOrder] = order;
  COUNT[MESSAGE_ORDER] = (order + 1) | 0;
  append(MAIL_LIST[lane]!, message);
  // An equal time that was there before was sent before.
  if (dueMs < CLOCK[MESSAGE]!) {
    CLOCK[MESSAGE] = dueMs;
    COUNT[FIRST_LANE] = lane;
  }
}

/**
 * Takes the message that arrives as soon as this event is through, or NONE. It was sent without delay when no other was
 * due, so it is the next that happens, and spares the way through its lane.
 */
export function takeAtOnce(): number {
  const message = COUNT[AT_ONCE]!;
  COUNT[AT_ONCE] = NONE;
  return message;
}

/** Takes the message that arrives next; there is one. */
export function takeMessage(): number {
  const message = INT[MAIL_LIST[COUNT[FIRST_LANE]!]! + VISIT.next]!;
  unlink(message);
  const lanes = COUNT[MAIL_LANES]!;
  let nextMs = Infinity;
  let nextOrder = 0;
  for (let lane = 0; lane < lanes; lane++) {
    const list = MAIL_LIST[lane]!;
    const first = INT[list + VISIT.next]!;
    if (first === list) continue;
    const dueMs = REAL[(first >> REAL_SHIFT) + VISIT_REAL.messageMs]!;
    if (dueMs > nextMs) continue;
    const order = INT[first + VISIT.messageOrder]!;
    if (dueMs === nextMs && ((order - nextOrder) | 0) > 0) continue;
    nextMs = dueMs;
    nextOrder = order;
    COUNT[FIRST_LANE] = lane;
  }
  CLOCK[MESSAGE] = nextMs;
  return message;
}
