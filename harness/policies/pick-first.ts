// Every attempt to one endpoint, the first of the list, until the connection to it breaks.
// Source: gRPC's `pick_first`, its policy by default (doc/load-balancing.md; proposal A62: shuffleAddressList). A
// connection is noticed to be gone by an attempt that finds it so: refused, the next in the list is tried; reset, the
// list from its beginning.
import { bits, hashText } from "../core/key.ts";
import { CONNECTION_RESET, REFUSED } from "../model/outcome.ts";

const SHUFFLE = hashText("policies/pick-first/shuffle");
const NONE = -1;

export class PickFirst {
  readonly #isShuffled: boolean;
  readonly #seed: number;
  readonly #caller: number;
  /** By group: the endpoint's slot, and whether it is the one *after* this slot that comes next. */
  readonly #chosen: number[] = [];
  readonly #hasRefused: boolean[] = [];

  constructor(isShuffled: boolean, seed: number, caller: number) {
    this.#isShuffled = isShuffled;
    this.#seed = seed;
    this.#caller = caller;
  }

  /** The slot for attempts of this group, whose endpoints are these, in the order of the route. */
  pick(slots: Int32Array, group: number): number {
    const chosen = this.#chosen[group] ?? NONE;
    const at = slots.indexOf(chosen);
    if (at >= 0 && this.#hasRefused[group] !== true) return chosen;
    const order = this.#isShuffled ? this.#shuffled(slots) : slots;
    const next = at >= 0 ? (order.indexOf(chosen) + 1) % order.length : 0;
    this.#hasRefused[group] = false;
    return (this.#chosen[group] = order[next]!);
  }

  /** Connections to these are gone, and what listens there now is another. */
  joined(newcomers: readonly number[]): void {
    this.#chosen.forEach((slot, group) => newcomers.includes(slot) && this.#forget(group));
  }

  settled(slot: number, cause: number): void {
    if (cause !== REFUSED && cause !== CONNECTION_RESET) return;
    this.#chosen.forEach((chosen, group) => {
      if (chosen !== slot) return;
      if (cause === REFUSED) this.#hasRefused[group] = true;
      else this.#forget(group);
    });
  }

  #forget(group: number): void {
    this.#chosen[group] = NONE;
    this.#hasRefused[group] = false;
  }

  /** An order of this caller's own, in which who stays keeps its place. */
  #shuffled(slots: Int32Array): Int32Array {
    const place = (slot: number): number => bits(this.#seed, this.#caller, (SHUFFLE + slot) | 0);
    return slots.toSorted((a, b) => place(a) - place(b) || a - b);
  }
}
