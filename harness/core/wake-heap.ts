// Who wants to be woken next: an indexed 4-ary heap of (time, id), where an id's time can be moved or withdrawn.
// Hot: ids are small integers that index flat arrays; nothing is allocated but when an id is larger than any before.

const ABSENT = -1;

export class WakeHeap {
  /** Ids in heap order, and by id: its place in the heap, its time, and the number of the `set` that gave the time. */
  #ids: Int32Array;
  #places: Int32Array;
  #times: Float64Array;
  #orders: Float64Array;
  #size = 0;
  #sets = 0;

  /** `capacity` is a first guess of the number of ids; the heap grows past it. */
  constructor(capacity = 16) {
    this.#ids = new Int32Array(capacity);
    this.#places = new Int32Array(capacity).fill(ABSENT);
    this.#times = new Float64Array(capacity);
    this.#orders = new Float64Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** The id whose time comes first, among equal times the one of the lowest order; −1 if nobody waits. */
  get topId(): number {
    return this.#size === 0 ? ABSENT : this.#ids[0]!;
  }

  /** When `topId` wants to be woken; `Infinity` if nobody waits. */
  get topTime(): number {
    return this.#size === 0 ? Infinity : this.#times[this.#ids[0]!]!;
  }

  /**
   * Gives `id` (≥ 0) the time, instead of the one it had; `Infinity` means never and is the same as `remove`. Among
   * equal times the lower `order` is first: by default that of the earlier `set`.
   */
  set(id: number, time: number, order = this.#sets++): void {
    if (time === Infinity) {
      this.remove(id);
      return;
    }
    if (id >= this.#places.length) this.#grow(id);
    this.#times[id] = time;
    this.#orders[id] = order;
    const place = this.#places[id]!;
    this.#settle(id, place === ABSENT ? this.#size++ : place);
  }

  /** Withdraws `id`; one that does not wait may be withdrawn too. */
  remove(id: number): void {
    if (id >= this.#places.length) return;
    const place = this.#places[id]!;
    if (place === ABSENT) return;
    this.#places[id] = ABSENT;
    const last = this.#ids[--this.#size]!;
    if (last !== id) this.#settle(last, place);
  }

  /** Moves `id` from the free `place` to where it belongs, up or down. */
  #settle(id: number, place: number): void {
    const ids = this.#ids;
    const places = this.#places;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      const above = ids[parent]!;
      if (!this.#isBefore(id, above)) break;
      ids[place] = above;
      places[above] = place;
      place = parent;
    }
    for (;;) {
      const first = place * 4 + 1;
      if (first >= this.#size) break;
      const end = Math.min(first + 4, this.#size);
      let least = first;
      for (let child = first + 1; child < end; child++) if (this.#isBefore(ids[child]!, ids[least]!)) least = child;
      const below = ids[least]!;
      if (!this.#isBefore(below, id)) break;
      ids[place] = below;
      places[below] = place;
      place = least;
    }
    ids[place] = id;
    places[id] = place;
  }

  #isBefore(a: number, b: number): boolean {
    const timeOfA = this.#times[a]!;
    const timeOfB = this.#times[b]!;
    return timeOfA < timeOfB || (timeOfA === timeOfB && this.#orders[a]! < this.#orders[b]!);
  }

  #grow(id: number): void {
    const capacity = Math.max(id + 1, this.#places.length * 2);
    const places = new Int32Array(capacity).fill(ABSENT);
    places.set(this.#places);
    this.#places = places;
    const ids = new Int32Array(capacity);
    ids.set(this.#ids);
    this.#ids = ids;
    const times = new Float64Array(capacity);
    times.set(this.#times);
    this.#times = times;
    const orders = new Float64Array(capacity);
    orders.set(this.#orders);
    this.#orders = orders;
  }
}
