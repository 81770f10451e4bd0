// Which endpoint of the callee an attempt goes to: round robin or least request, over the variant its user belongs to.
// Source of least request: Envoy's LEAST_REQUEST with equal weights (N_CHOICES: `choiceCount` random hosts, the least active wins).
import * as z from "zod";
import { assert } from "../core/assert.ts";
import { grow } from "../core/grow.ts";
import { bits, hashText, unit } from "../core/key.ts";
import type { LoadBalancerPlan } from "../model/call-plan.ts";
import { count } from "../schema/count.ts";
import { later } from "../schema/later.ts";

/** Written `loadBalancer`; the output is a LoadBalancerPlan. */
export const loadBalancerSchema = z
  .strictObject({
    policy: z
      .enum(["roundRobin", "leastRequest"])
      .default("roundRobin")
      .describe("roundRobin: one after the other; leastRequest: the least busy of a few drawn at random, as Envoy."),
    choiceCount: count(1).prefault(2).describe("How many leastRequest draws."),
    panicThreshold: later("panic thresholds", z.unknown()),
    zone: later("zone preferences", z.unknown()),
    slowStart: later("slow starts of endpoints", z.unknown()),
  })
  .transform((written): LoadBalancerPlan => ({
    policy: written.policy,
    choiceCount: written.choiceCount,
  }))
  .describe("Spreads attempts over the callee's endpoints.");

/** Where an attempt can go: what the machine needs of a route's endpoint. */
export interface Endpoint {
  /** The instance, known by this for the whole run. */
  readonly id: number;
  readonly generation: number;
  readonly variant: number;
}

const STICKINESS = hashText("policies/load-balancer/user");
const CHOICE = hashText("policies/load-balancer/choice");
const OFFSET = hashText("policies/load-balancer/offset");

const STABLE = 0;
const FREE = -1;

/**
 * The load balancer of one caller for one call policy. Endpoints live in *slots*: a slot keeps its number, and its
 * count of active attempts, for as long as its endpoint is routed to or has attempts in flight.
 */
export class LoadBalancer {
  readonly #plan: LoadBalancerPlan;
  readonly #seed: number;
  readonly #callee: number;
  readonly #caller: number;
  /** By slot: instance id (FREE where unused), its generation, attempts in flight, and whether the route names it. */
  #ids = new Int32Array(0);
  #generations = new Int32Array(0);
  #active = new Int32Array(0);
  #isRouted = new Uint8Array(0);
  /** Slots in the order of the route, per group: by variant where weights are in force, else all in the first. */
  #groups: readonly Int32Array[] = [];
  /** By group: below which draw (0..100) a user belongs to it; 0 for the stable one, which takes the rest. */
  #limits = new Float64Array(0);
  /** By group: where round robin goes on. */
  #cursors = new Int32Array(0);

  /**
   * `seed` is the run's; `callee` a stable number of the called service (hashText of its name), the same for every
   * caller, so that a user meets the same variant from wherever; `caller` a stable number of the calling instance.
   */
  constructor(plan: LoadBalancerPlan, seed: number, callee: number, caller: number) {
    this.#plan = plan;
    this.#seed = seed | 0;
    this.#callee = callee | 0;
    this.#caller = caller | 0;
  }

  /** From now on attempts go to these endpoints. `weights` (0..100) by variant index; null = every endpoint counts alike. */
  route(endpoints: readonly Endpoint[], weights: readonly number[] | null): void {
    const slots = this.#assignSlots(endpoints);
    const groupCount =
      weights === null ? 1 : Math.max(weights.length, ...endpoints.map((endpoint) => endpoint.variant + 1));
    const groups: number[][] = Array.from({ length: groupCount }, () => []);
    endpoints.forEach((endpoint, i) => groups[weights === null ? 0 : endpoint.variant]!.push(slots[i]!));
    this.#groups = groups.map((group) => Int32Array.from(group));
    this.#limits = new Float64Array(groupCount);
    let limit = 0;
    for (let group = 1; group < groupCount; group++) {
      limit += weights?.[group] ?? 0;
      this.#limits[group] = limit;
    }
    this.#addCursors(groupCount);
  }

  /** The slot of an endpoint for the attempt of this key, made for this user; −1 where there is no endpoint. */
  pick(high: number, low: number, user: number): number {
    const group = this.#groupOf(user);
    if (group === -1) return -1;
    const slots = this.#groups[group]!;
    if (this.#plan.policy === "leastRequest") return this.#leastActive(slots, high, low);
    const cursor = this.#cursors[group]!;
    this.#cursors[group] = (cursor + 1) & 0x7fffffff;
    return slots.length === 1 ? slots[0]! : slots[cursor % slots.length]!;
  }

  /** The slot of this generation of an instance, if the route names it; else −1. */
  slotOf(instance: number, generation: number): number {
    if (instance < 0) return -1;
    const slot = this.#ids.indexOf(instance);
    return slot >= 0 && this.#isRouted[slot] === 1 && this.#generations[slot] === generation ? slot : -1;
  }

  /** An attempt left for the endpoint in this slot. */
  started(slot: number): void {
    this.#active[slot]!++;
  }

  /** An attempt that had left for it ended, in whatever way. */
  ended(slot: number): void {
    assert(this.#active[slot]! > 0, "an attempt that ends had started");
    this.#active[slot]!--;
    if (this.#active[slot] === 0 && this.#isRouted[slot] === 0) this.#ids[slot] = FREE;
  }

  /** The instance in this slot. */
  instanceOf(slot: number): number {
    return this.#ids[slot]!;
  }

  /** The generation of the instance in this slot, as of the last route that named it. */
  generationOf(slot: number): number {
    return this.#generations[slot]!;
  }

  /** Attempts in flight to the endpoint in this slot. */
  activeOf(slot: number): number {
    return this.#active[slot]!;
  }

  /**
   * A user belongs to a new variant when its keyed draw lies below the variant's weight: the users of 5 % are among
   * those of 25 %. Where a group has no endpoint its users go to the first that has one.
   */
  #groupOf(user: number): number {
    const groups = this.#groups;
    let group = STABLE;
    if (groups.length > 1) {
      const draw = 100 * unit(this.#seed, user, this.#callee ^ STICKINESS);
      for (let candidate = 1; candidate < groups.length; candidate++) {
        if (draw < this.#limits[candidate]!) {
          group = candidate;
          break;
        }
      }
    }
    if (groups.length > group && groups[group]!.length > 0) return group;
    for (let candidate = 0; candidate < groups.length; candidate++) if (groups[candidate]!.length > 0) return candidate;
    return -1;
  }

  /** Draws with replacement, as Envoy does; a tie goes to the one drawn first. */
  #leastActive(slots: Int32Array, high: number, low: number): number {
    let best = -1;
    for (let choice = 0; choice < this.#plan.choiceCount; choice++) {
      const draw = bits(high, low, (CHOICE + choice) | 0) * 2.3283064365386962890625e-10;
      const slot = slots[Math.floor(draw * slots.length)]!;
      if (best === -1 || this.#active[slot]! < this.#active[best]!) best = slot;
    }
    return best;
  }

  /** Keeps the slots of endpoints that stay, frees those that left and are idle, and finds slots for the new ones. */
  #assignSlots(endpoints: readonly Endpoint[]): readonly number[] {
    const slotOfId = new Map<number, number>();
    this.#isRouted.fill(0);
    this.#ids.forEach((id, slot) => id !== FREE && slotOfId.set(id, slot));
    const slots = endpoints.map((endpoint) => slotOfId.get(endpoint.id) ?? -1);
    for (const slot of slots) if (slot !== -1) this.#isRouted[slot] = 1;
    for (let slot = 0; slot < this.#ids.length; slot++)
      if (this.#isRouted[slot] === 0 && this.#active[slot] === 0) this.#ids[slot] = FREE;
    return endpoints.map((endpoint, i) => {
      const slot = slots[i] === -1 ? this.#freeSlot() : slots[i]!;
      this.#ids[slot] = endpoint.id;
      this.#generations[slot] = endpoint.generation;
      this.#isRouted[slot] = 1;
      return slot;
    });
  }

  #freeSlot(): number {
    const slot = this.#ids.indexOf(FREE);
    if (slot !== -1) return slot;
    const capacity = this.#ids.length;
    const larger = Math.max(4, capacity * 2);
    this.#ids = grow(this.#ids, larger).fill(FREE, capacity);
    this.#generations = grow(this.#generations, larger);
    this.#active = grow(this.#active, larger);
    this.#isRouted = grow(this.#isRouted, larger);
    return capacity;
  }

  /** Each caller begins somewhere else, so that callers do not march in step; a cursor survives route changes. */
  #addCursors(groupCount: number): void {
    const known = this.#cursors.length;
    if (known >= groupCount) return;
    this.#cursors = grow(this.#cursors, groupCount);
    for (let group = known; group < groupCount; group++)
      this.#cursors[group] = bits(this.#seed, this.#caller, (this.#callee ^ OFFSET) + group) >>> 1;
  }
}
