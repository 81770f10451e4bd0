// Queues of messages under way, one per constant network delay. The earliest message over all lanes comes first;
// among equal times the one that was sent first. Hot code.
import { grow } from "../core/grow.ts";

const INITIAL_CAPACITY = 256;

class Lane {
  readonly delayMs: number;
  dueMs = new Float64Array(INITIAL_CAPACITY);
  order = new Float64Array(INITIAL_CAPACITY);
  message = new Int32Array(INITIAL_CAPACITY);
  head = 0;
  length = 0;

  constructor(delayMs: number) {
    this.delayMs = delayMs;
  }

  push(dueMs: number, order: number, message: number): void {
    if (this.length === this.dueMs.length) this.#grow();
    const place = (this.head + this.length++) & (this.dueMs.length - 1);
    this.dueMs[place] = dueMs;
    this.order[place] = order;
    this.message[place] = message;
  }

  shift(): number {
    const message = this.message[this.head]!;
    this.head = (this.head + 1) & (this.dueMs.length - 1);
    this.length--;
    return message;
  }

  /** Doubles the ring; what had wrapped around moves behind what had not. */
  #grow(): void {
    const size = this.dueMs.length;
    this.dueMs = grow(this.dueMs, size * 2);
    this.order = grow(this.order, size * 2);
    this.message = grow(this.message, size * 2);
    this.dueMs.copyWithin(size, 0, this.head);
    this.order.copyWithin(size, 0, this.head);
    this.message.copyWithin(size, 0, this.head);
  }
}

export class Lanes {
  readonly #lanes: Lane[] = [];
  #order = 0;
  /** The lane whose head comes first, as `earliest` found it. */
  #first: Lane | null = null;

  /** The number of the lane with this delay, for `send`. */
  laneOf(delayMs: number): number {
    const found = this.#lanes.findIndex((lane) => lane.delayMs === delayMs);
    return found >= 0 ? found : this.#lanes.push(new Lane(delayMs)) - 1;
  }

  send(lane: number, nowMs: number, message: number): void {
    const to = this.#lanes[lane]!;
    to.push(nowMs + to.delayMs, this.#order++, message);
  }

  /** When the next message arrives; Infinity = none is under way. */
  earliest(): number {
    let first: Lane | null = null;
    let dueMs = Infinity;
    let order = 0;
    for (const lane of this.#lanes) {
      if (lane.length === 0) continue;
      const laneDueMs = lane.dueMs[lane.head]!;
      const laneOrder = lane.order[lane.head]!;
      if (laneDueMs < dueMs || (laneDueMs === dueMs && laneOrder < order)) {
        first = lane;
        dueMs = laneDueMs;
        order = laneOrder;
      }
    }
    this.#first = first;
    return dueMs;
  }

  /** Takes the message that `earliest` spoke of. */
  shift(): number {
    return this.#first!.shift();
  }
}
