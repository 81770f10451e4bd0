// A ring of hashes: each endpoint has many places on it, and a user goes to the endpoint of the first place after its
// own. When an endpoint leaves, only its users move. Source: Envoy `RingHashLoadBalancer` (ketama): with equal weights
// each of n hosts has ⌈minimum size / n⌉ places. Built when endpoints change; a look-up allocates nothing.
import { bits, hashText } from "../core/key.ts";

const PLACE = hashText("policies/hash-ring/place");

/** The number of an endpoint in its list stands below its hash in one double. */
const ENDPOINTS = 0x100000;

export class HashRing {
  readonly #slots: Int32Array;
  /** Hash × ENDPOINTS + number of the endpoint, ascending. */
  readonly #places: Float64Array;

  /** `ids` by slot: an endpoint has the same places for every caller of the service, which `salt` names. */
  constructor(slots: Int32Array, ids: Int32Array, salt: number, minimumSize: number) {
    this.#slots = slots;
    const each = slots.length === 0 ? 0 : Math.ceil(minimumSize / slots.length);
    this.#places = new Float64Array(each * slots.length);
    slots.forEach((slot, number) => {
      for (let copy = 0; copy < each; copy++)
        this.#places[number * each + copy] = bits(ids[slot]!, copy, PLACE ^ salt) * ENDPOINTS + number;
    });
    this.#places.sort();
  }

  /** The slot that `hash` (32 bits) belongs to; there must be one. */
  find(hash: number): number {
    const places = this.#places;
    const wanted = hash * ENDPOINTS;
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (places[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return this.#slots[places[low === places.length ? 0 : low]! % ENDPOINTS]!;
  }
}
