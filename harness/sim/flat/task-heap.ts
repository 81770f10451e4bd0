// What works or waits at all instances, by the time at which it is done: an indexed 4-ary heap of strands. Equal times:
// the lower rank first, then who was added first. Hot code: times stay in arrays, for a number that is handed from
// function to function may be boxed.
import { grow } from "../../core/grow.ts";

const INITIAL_CAPACITY = 64;
const ABSENT = -1;

export class TaskHeap {
  /** When the first task is done, in `top[0]`; Infinity = there is none. Add a task by writing its time into `due[0]`. */
  readonly top = Float64Array.of(Infinity);
  readonly due = new Float64Array(1);
  #times = new Float64Array(INITIAL_CAPACITY);
  #strands = new Int32Array(INITIAL_CAPACITY);
  #size = 0;
  /** By strand: place in the heap, rank, order. */
  #places = new Int32Array(INITIAL_CAPACITY).fill(ABSENT);
  #ranks = new Int32Array(INITIAL_CAPACITY);
  #orders = new Float64Array(INITIAL_CAPACITY);
  #added = 0;

  /** The strand that is done first; there is one. */
  get first(): number {
    return this.#strands[0]! << 3;
  }

  /** Its rank. */
  get firstRank(): number {
    return this.#ranks[this.#strands[0]!]!;
  }

  /** `strand` (a handle) is done at `due[0]`. */
  add(strand: number, rank: number): void {
    const id = strand >> 3;
    if (id >= this.#places.length) this.#growPlaces(id);
    this.#ranks[id] = rank;
    this.#orders[id] = this.#added++;
    if (this.#size === this.#times.length) this.#grow();
    this.#rise(this.#size++, this.due[0]!, id);
    this.top[0] = this.#times[0]!;
  }

  /** Takes the first away. */
  shift(): void {
    this.#places[this.#strands[0]!] = ABSENT;
    const last = --this.#size;
    if (last > 0) this.#sink(0, this.#times[last]!, this.#strands[last]!);
    this.top[0] = last > 0 ? this.#times[0]! : Infinity;
  }

  /** Withdraws a strand that is in it. */
  remove(strand: number): void {
    const place = this.#places[strand >> 3]!;
    this.#places[strand >> 3] = ABSENT;
    const last = --this.#size;
    if (place < last) {
      const time = this.#times[last]!;
      const id = this.#strands[last]!;
      if (place > 0 && this.#isBefore(time, id, (place - 1) >> 2)) this.#rise(place, time, id);
      else this.#sink(place, time, id);
    }
    this.top[0] = last > 0 ? this.#times[0]! : Infinity;
  }

  #rise(from: number, time: number, id: number): void {
    const times = this.#times;
    const strands = this.#strands;
    const places = this.#places;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      const above = times[parent]!;
      if (time > above || (time === above && !this.#precedes(id, strands[parent]!))) break;
      times[place] = above;
      const moved = strands[parent]!;
      strands[place] = moved;
      places[moved] = place;
      place = parent;
    }
    times[place] = time;
    strands[place] = id;
    places[id] = place;
  }

  #sink(from: number, time: number, id: number): void {
    const times = this.#times;
    const strands = this.#strands;
    const places = this.#places;
    const size = this.#size;
    let place = from;
    for (;;) {
      const first = place * 4 + 1;
      if (first >= size) break;
      const end = first + 4 < size ? first + 4 : size;
      let least = first;
      let leastTime = times[first]!;
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child]!;
        if (childTime > leastTime) continue;
        if (childTime === leastTime && !this.#precedes(strands[child]!, strands[least]!)) continue;
        least = child;
        leastTime = childTime;
      }
      if (leastTime > time || (leastTime === time && !this.#precedes(strands[least]!, id))) break;
      times[place] = leastTime;
      const moved = strands[least]!;
      strands[place] = moved;
      places[moved] = place;
      place = least;
    }
    times[place] = time;
    strands[place] = id;
    places[id] = place;
  }

  #isBefore(time: number, id: number, place: number): boolean {
    const other = this.#times[place]!;
    return time < other || (time === other && this.#precedes(id, this.#strands[place]!));
  }

  /** Among equal times. */
  #precedes(a: number, b: number): boolean {
    const rankOfA = this.#ranks[a]!;
    const rankOfB = this.#ranks[b]!;
    return rankOfA < rankOfB || (rankOfA === rankOfB && this.#orders[a]! < this.#orders[b]!);
  }

  #grow(): void {
    this.#times = grow(this.#times, this.#size * 2);
    this.#strands = grow(this.#strands, this.#size * 2);
  }

  #growPlaces(id: number): void {
    const known = this.#places.length;
    const capacity = Math.max(id + 1, known * 2);
    this.#places = grow(this.#places, capacity).fill(ABSENT, known);
    this.#ranks = grow(this.#ranks, capacity);
    this.#orders = grow(this.#orders, capacity);
  }
}
