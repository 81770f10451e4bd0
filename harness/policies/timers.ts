// Timers of one purpose (attempt timeouts, call timeouts, back-offs), nearly all of which are cancelled before they are due.
// Hot code. A constant delay gives due times in order, so a ring is their queue; what comes out of order goes to a small
// binary heap. Nothing is removed on cancellation: an entry is dead when its slot's serial has moved on, and dead entries
// are skipped when they reach the front. Allocates only when it grows.
import { grow } from "../core/grow.ts";

const INITIAL_CAPACITY = 16;

export class DueQueue {
  /** The ring, whose due times never decrease: capacity is a power of two. */
  #ringDueMs = new Float64Array(INITIAL_CAPACITY);
  #ringSlots = new Int32Array(INITIAL_CAPACITY);
  #ringSerials = new Int32Array(INITIAL_CAPACITY);
  #ringOrders = new Int32Array(INITIAL_CAPACITY);
  #head = 0;
  #length = 0;
  /** The heap, by (due time, order). */
  #heapDueMs = new Float64Array(INITIAL_CAPACITY);
  #heapSlots = new Int32Array(INITIAL_CAPACITY);
  #heapSerials = new Int32Array(INITIAL_CAPACITY);
  #heapOrders = new Int32Array(INITIAL_CAPACITY);
  #heapSize = 0;
  /** Numbers the entries; it may wrap, so orders are compared by their difference. */
  #order = 0;

  /** Entries held, the dead ones that were not reached yet included. */
  get size(): number {
    return this.#length + this.#heapSize;
  }

  /** `slot` is due at `dueMs`, if `serials[slot]` is still `serial` by then. */
  add(dueMs: number, slot: number, serial: number): void {
    const order = this.#order;
    this.#order = (order + 1) | 0;
    const mask = this.#ringDueMs.length - 1;
    if (this.#length > 0 && dueMs < this.#ringDueMs[(this.#head + this.#length - 1) & mask]!) {
      this.#pushHeap(dueMs, slot, serial, order);
      return;
    }
    if (this.#length > mask) this.#growRing();
    const place = (this.#head + this.#length) & (this.#ringDueMs.length - 1);
    this.#ringDueMs[place] = dueMs;
    this.#ringSlots[place] = slot;
    this.#ringSerials[place] = serial;
    this.#ringOrders[place] = order;
    this.#length++;
  }

  /** When the next live entry is due, Infinity if there is none. Forgets the dead ones before it. */
  nextDue(serials: Int32Array): number {
    const mask = this.#ringDueMs.length - 1;
    while (this.#length > 0 && serials[this.#ringSlots[this.#head]!] !== this.#ringSerials[this.#head]) {
      this.#head = (this.#head + 1) & mask;
      this.#length--;
    }
    while (this.#heapSize > 0 && serials[this.#heapSlots[0]!] !== this.#heapSerials[0]) this.#popHeap();
    const ringMs = this.#length > 0 ? this.#ringDueMs[this.#head]! : Infinity;
    const heapMs = this.#heapSize > 0 ? this.#heapDueMs[0]! : Infinity;
    return ringMs < heapMs ? ringMs : heapMs;
  }

  /**
   * Removes the entry that `nextDue` spoke of and returns its slot, −1 if there was none. Equal due times come in
   * the order in which they were added. Between `nextDue` and this, neither entries nor serials may change.
   */
  pop(): number {
    if (this.#heapSize > 0 && this.#isHeapFirst()) {
      const slot = this.#heapSlots[0]!;
      this.#popHeap();
      return slot;
    }
    if (this.#length === 0) return -1;
    const slot = this.#ringSlots[this.#head]!;
    this.#head = (this.#head + 1) & (this.#ringDueMs.length - 1);
    this.#length--;
    return slot;
  }

  #isHeapFirst(): boolean {
    if (this.#length === 0) return true;
    const ringMs = this.#ringDueMs[this.#head]!;
    const heapMs = this.#heapDueMs[0]!;
    return heapMs < ringMs || (heapMs === ringMs && isBefore(this.#heapOrders[0]!, this.#ringOrders[this.#head]!));
  }

  #pushHeap(dueMs: number, slot: number, serial: number, order: number): void {
    if (this.#heapSize === this.#heapDueMs.length) this.#growHeap();
    this.#rise(this.#heapSize++, dueMs, slot, serial, order);
  }

  /** Lifts the new entry from the free last `place` to where it belongs. */
  #rise(place: number, dueMs: number, slot: number, serial: number, order: number): void {
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const parentMs = this.#heapDueMs[parent]!;
      // The new entry is the youngest, so it stays below its equals.
      if (parentMs <= dueMs) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#heapDueMs[place] = dueMs;
    this.#heapSlots[place] = slot;
    this.#heapSerials[place] = serial;
    this.#heapOrders[place] = order;
  }

  /** Removes the first entry: the last one takes its place and sinks. */
  #popHeap(): void {
    const last = --this.#heapSize;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#isHeapBefore(child + 1, child)) child++;
      if (!this.#isHeapBefore(child, last)) break;
      this.#move(child, place);
      place = child;
    }
    if (place !== last) this.#move(last, place);
  }

  #isHeapBefore(a: number, b: number): boolean {
    const aMs = this.#heapDueMs[a]!;
    const bMs = this.#heapDueMs[b]!;
    return aMs < bMs || (aMs === bMs && isBefore(this.#heapOrders[a]!, this.#heapOrders[b]!));
  }

  #move(from: number, to: number): void {
    this.#heapDueMs[to] = this.#heapDueMs[from]!;
    this.#heapSlots[to] = this.#heapSlots[from]!;
    this.#heapSerials[to] = this.#heapSerials[from]!;
    this.#heapOrders[to] = this.#heapOrders[from]!;
  }

  #growHeap(): void {
    const capacity = this.#heapDueMs.length * 2;
    this.#heapDueMs = grow(this.#heapDueMs, capacity);
    this.#heapSlots = grow(this.#heapSlots, capacity);
    this.#heapSerials = grow(this.#heapSerials, capacity);
    this.#heapOrders = grow(this.#heapOrders, capacity);
  }

  #growRing(): void {
    const capacity = this.#ringDueMs.length;
    this.#ringDueMs = unroll(this.#ringDueMs, this.#head, grow(this.#ringDueMs, capacity * 2));
    this.#ringSlots = unroll(this.#ringSlots, this.#head, grow(this.#ringSlots, capacity * 2));
    this.#ringSerials = unroll(this.#ringSerials, this.#head, grow(this.#ringSerials, capacity * 2));
    this.#ringOrders = unroll(this.#ringOrders, this.#head, grow(this.#ringOrders, capacity * 2));
    this.#head = 0;
  }
}

/** Whether order `a` was given before `b`, though the numbering wraps. */
function isBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

/** A full ring, laid out from its head, at the beginning of `into`. */
function unroll<A extends Float64Array | Int32Array>(ring: A, head: number, into: A): A {
  into.set(ring.subarray(head));
  into.set(ring.subarray(0, head), ring.length - head);
  return into;
}
