// Messages under way: a ring per constant network delay, for what was sent first arrives first. The earliest over all
// rings comes next, among equal times the one sent first. Hot code.
import { grow } from "../../core/grow.ts";

const INITIAL_CAPACITY = 256;

/** What a message says of its visit (whose handle has room for this in its lowest bits). */
export const REQUEST = 0;
export const ANSWER = 1;
export const ABANDON = 2;
export const KINDS = 3;

class Lane {
  readonly delayMs: number;
  dueMs = new Float64Array(INITIAL_CAPACITY);
  order = new Float64Array(INITIAL_CAPACITY);
  /** Visit and kind; and the visit's serial, for an ABANDON. */
  visit = new Int32Array(INITIAL_CAPACITY);
  serial = new Int32Array(INITIAL_CAPACITY);
  head = 0;
  length = 0;

  constructor(delayMs: number) {
    this.delayMs = delayMs;
  }

  /** Doubles the ring; what had wrapped around moves behind what had not. */
  grow(): void {
    const size = this.dueMs.length;
    this.dueMs = grow(this.dueMs, size * 2);
    this.order = grow(this.order, size * 2);
    this.visit = grow(this.visit, size * 2);
    this.serial = grow(this.serial, size * 2);
    this.dueMs.copyWithin(size, 0, this.head);
    this.order.copyWithin(size, 0, this.head);
    this.visit.copyWithin(size, 0, this.head);
    this.serial.copyWithin(size, 0, this.head);
  }
}

export class Mail {
  /** When the next message arrives, in `next[0]`; Infinity = none is under way. */
  readonly next = Float64Array.of(Infinity);
  /** Of the message taken last. */
  serial = 0;
  readonly #clock: Float64Array;
  readonly #lanes: Lane[] = [];
  #first = 0;
  #order = 0;

  /** `clock[0]` is the present. */
  constructor(clock: Float64Array) {
    this.#clock = clock;
  }

  /** The number of the lane with this delay, for `send`. */
  laneOf(delayMs: number): number {
    const found = this.#lanes.findIndex((lane) => lane.delayMs === delayMs);
    return found >= 0 ? found : this.#lanes.push(new Lane(delayMs)) - 1;
  }

  send(to: number, visit: number, kind: number, serial: number): void {
    const lane = this.#lanes[to]!;
    if (lane.length === lane.dueMs.length) lane.grow();
    const dueMs = this.#clock[0]! + lane.delayMs;
    const place = (lane.head + lane.length) & (lane.dueMs.length - 1);
    lane.dueMs[place] = dueMs;
    lane.order[place] = this.#order++;
    lane.visit[place] = visit | kind;
    lane.serial[place] = serial;
    // An equal time that was there before was sent before.
    if (lane.length++ === 0 && dueMs < this.next[0]!) {
      this.next[0] = dueMs;
      this.#first = to;
    }
  }

  /** Takes the message that arrives at `next[0]`: visit and kind. */
  take(): number {
    const lane = this.#lanes[this.#first]!;
    const { head } = lane;
    const message = lane.visit[head]!;
    this.serial = lane.serial[head]!;
    lane.head = (head + 1) & (lane.dueMs.length - 1);
    lane.length--;
    this.#findNext();
    return message;
  }

  #findNext(): void {
    const lanes = this.#lanes;
    let nextMs = Infinity;
    let nextOrder = 0;
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[i]!;
      if (lane.length === 0) continue;
      const dueMs = lane.dueMs[lane.head]!;
      if (dueMs > nextMs) continue;
      const order = lane.order[lane.head]!;
      if (dueMs === nextMs && order > nextOrder) continue;
      nextMs = dueMs;
      nextOrder = order;
      this.#first = i;
    }
    this.next[0] = nextMs;
  }
}
