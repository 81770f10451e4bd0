// The endpoints that a load balancer knows, each in a *slot*: a slot keeps its number, and its count of attempts in
// flight, for as long as its endpoint is routed to or has attempts in flight. Hot: flat arrays, nothing per attempt.
import { assert } from "../core/assert.ts";
import { grow } from "../core/grow.ts";

/** Where an attempt can go: what the machine needs of a route's endpoint. */
export interface Endpoint {
  /** The instance, known by this for the whole run. */
  readonly id: number;
  readonly generation: number;
  readonly variant: number;
  /** Zone index; absent where that does not matter. */
  readonly zone?: number;
}

const FREE = -1;

export class EndpointSlots {
  /** By slot: instance id (FREE where unused), its generation and zone, attempts in flight, whether the route names it. */
  ids = new Int32Array(0);
  generations = new Int32Array(0);
  zones = new Int32Array(0);
  active = new Int32Array(0);
  #isRouted = new Uint8Array(0);
  /** Of the last route: slots whose endpoint was not routed to before, or is another life of its instance. */
  newcomers: readonly number[] = [];

  /** Keeps the slots of endpoints that stay, frees those that left and are idle, and finds slots for the new ones. */
  assign(endpoints: readonly Endpoint[]): readonly number[] {
    const slotOfId = new Map<number, number>();
    const before = Uint8Array.from(this.#isRouted);
    this.#isRouted.fill(0);
    this.ids.forEach((id, slot) => id !== FREE && slotOfId.set(id, slot));
    const slots = endpoints.map((endpoint) => slotOfId.get(endpoint.id) ?? FREE);
    for (const slot of slots) if (slot !== FREE) this.#isRouted[slot] = 1;
    for (let slot = 0; slot < this.ids.length; slot++)
      if (this.#isRouted[slot] === 0 && this.active[slot] === 0) this.ids[slot] = FREE;
    const newcomers: number[] = [];
    const assigned = endpoints.map((endpoint, i) => {
      const known = slots[i]!;
      const slot = known === FREE ? this.#freeSlot() : known;
      if (known === FREE || before[slot] !== 1 || this.generations[slot] !== endpoint.generation) newcomers.push(slot);
      this.ids[slot] = endpoint.id;
      this.generations[slot] = endpoint.generation;
      this.zones[slot] = endpoint.zone ?? -1;
      this.#isRouted[slot] = 1;
      return slot;
    });
    this.newcomers = newcomers;
    return assigned;
  }

  /** The slot of this generation of an instance, if the route names it; else −1. */
  slotOf(instance: number, generation: number): number {
    if (instance < 0) return -1;
    const slot = this.ids.indexOf(instance);
    return slot >= 0 && this.#isRouted[slot] === 1 && this.generations[slot] === generation ? slot : -1;
  }

  started(slot: number): void {
    this.active[slot]!++;
  }

  ended(slot: number): void {
    assert(this.active[slot]! > 0, "an attempt that ends had started");
    this.active[slot]!--;
    if (this.active[slot] === 0 && this.#isRouted[slot] === 0) this.ids[slot] = FREE;
  }

  #freeSlot(): number {
    const slot = this.ids.indexOf(FREE);
    if (slot !== -1) return slot;
    const capacity = this.ids.length;
    const larger = Math.max(4, capacity * 2);
    this.ids = grow(this.ids, larger).fill(FREE, capacity);
    this.generations = grow(this.generations, larger);
    this.zones = grow(this.zones, larger);
    this.active = grow(this.active, larger);
    this.#isRouted = grow(this.#isRouted, larger);
    return capacity;
  }
}
