// Which endpoint of the callee an attempt goes to, over the variant its user belongs to.
// Source of least request: Envoy's LEAST_REQUEST with equal weights (N_CHOICES: `choiceCount` random hosts, the least active wins).
import { unreachable } from "../core/assert.ts";
import { grow } from "../core/grow.ts";
import { bits, hashText, unit } from "../core/key.ts";
import type { CallPlan, LoadBalancerPlan } from "../model/call-plan.ts";
import { type Endpoint, EndpointSlots } from "./endpoint-slots.ts";
import { FailureAccrual } from "./failure-accrual.ts";
import { HashRing } from "./hash-ring.ts";
import { OutlierDetection } from "./outlier-detection.ts";
import { PickFirst } from "./pick-first.ts";
import { SlowStart } from "./slow-start.ts";
import { ZoneRouting } from "./zone-routing.ts";

const STICKINESS = hashText("policies/load-balancer/user");
const CHOICE = hashText("policies/load-balancer/choice");
const OFFSET = hashText("policies/load-balancer/offset");

/** 2⁻³²: makes 32 bits a fraction. */
const FRACTION = 2.3283064365386962890625e-10;

const STABLE = 0;

/** The load balancer of one caller for one call policy. Slots are those of its EndpointSlots. */
export class LoadBalancer {
  readonly #plan: LoadBalancerPlan;
  readonly #seed: number;
  readonly #callee: number;
  readonly #caller: number;
  readonly #slots = new EndpointSlots();
  /** Slots in the order of the route, per group: by variant where weights are in force, else all in the first. */
  #members: readonly Int32Array[] = [];
  /** Those of them that may be picked. */
  #groups: readonly Int32Array[] = [];
  /** By group: below which draw (0..100) a user belongs to it; 0 for the stable one, which takes the rest. */
  #limits = new Float64Array(0);
  /** By group: where round robin goes on. */
  #cursors = new Int32Array(0);
  /** More than round robin or least request alone. */
  readonly #isRefined: boolean;
  #rings: readonly HashRing[] = [];
  readonly #zoning: ZoneRouting | null;
  readonly #slowStart: SlowStart | null;
  readonly #first: PickFirst | null;
  /** What takes endpoints out of the rotation, if anything does. */
  readonly outliers: OutlierDetection | FailureAccrual | null;
  /** The same where it wants to know of every attempt that leaves. */
  readonly #accrual: FailureAccrual | null;
  readonly #panicThreshold: number;
  /** So few are left that ejections are ignored, for any variant. */
  isPanicking = false;

  /**
   * `seed` is the run's; `callee` a stable number of the called service (hashText of its name), the same for every
   * caller, so that a user meets the same variant from wherever; `caller` a stable number of the calling instance,
   * `zone` the index of its zone (−1 = outside).
   */
  constructor(
    plan: LoadBalancerPlan,
    seed: number,
    callee: number,
    caller: number,
    zone = -1,
    { outlierDetection, failureAccrual }: Pick<CallPlan, "outlierDetection" | "failureAccrual"> = {},
  ) {
    this.#plan = plan;
    this.#seed = seed | 0;
    this.#callee = callee | 0;
    this.#caller = caller | 0;
    this.#zoning = plan.zone === undefined || zone < 0 ? null : new ZoneRouting(plan.zone, zone);
    this.#slowStart = plan.slowStart === undefined ? null : new SlowStart(plan.slowStart);
    this.#first =
      plan.policy === "pickFirst" ? new PickFirst(plan.shuffleAddressList === true, this.#seed, caller ^ callee) : null;
    this.#accrual = failureAccrual === undefined ? null : new FailureAccrual(failureAccrual, seed, caller ^ callee);
    this.outliers = outlierDetection === undefined ? this.#accrual : new OutlierDetection(outlierDetection);
    this.#panicThreshold = (outlierDetection ?? failureAccrual)?.panicThreshold ?? 0;
    const isPlain = plan.policy === "roundRobin" || plan.policy === "leastRequest";
    this.#isRefined = !isPlain || this.#zoning !== null || this.#slowStart !== null;
  }

  /** From now on attempts go to these endpoints. `weights` (0..100) by variant index; null = every endpoint counts alike. */
  route(endpoints: readonly Endpoint[], weights: readonly number[] | null): void {
    const slots = this.#slots.assign(endpoints);
    const groupCount =
      weights === null ? 1 : Math.max(weights.length, ...endpoints.map((endpoint) => endpoint.variant + 1));
    const groups: number[][] = Array.from({ length: groupCount }, () => []);
    endpoints.forEach((endpoint, i) => groups[weights === null ? 0 : endpoint.variant]!.push(slots[i]!));
    this.#members = groups.map((group) => Int32Array.from(group));
    this.#limits = new Float64Array(groupCount);
    let limit = 0;
    for (let group = 1; group < groupCount; group++) {
      limit += weights?.[group] ?? 0;
      this.#limits[group] = limit;
    }
    this.#addCursors(groupCount);
    this.#slowStart?.joined(slots, this.#slots.newcomers);
    this.#first?.joined(this.#slots.newcomers);
    this.outliers?.joined(slots, this.#slots.newcomers);
    this.#refresh();
  }

  /** Whether it goes round robin and minds nothing else; then a simulator may rotate for it, and says where it stopped. */
  get isRotation(): boolean {
    return this.#plan.policy === "roundRobin" && !this.#isRefined && this.outliers === null;
  }

  /** Where round robin goes on, in the first group. */
  get cursor(): number {
    return this.#cursors[STABLE]!;
  }
  set cursor(cursor: number) {
    this.#cursors[STABLE] = cursor;
  }

  /** Slots of the last route that are new, or another life of their instance. */
  get newcomers(): readonly number[] {
    return this.#slots.newcomers;
  }

  /** How many instances of the caller's own service there are, by zone index. */
  callersPerZone(instances: readonly number[]): void {
    if (this.#zoning === null) return;
    this.#zoning.callersPerZone(instances);
    this.#refresh();
  }

  /** The slot of an endpoint for the attempt of this key, made for this user; −1 where there is no endpoint. */
  pick(high: number, low: number, user: number, nowMs = 0): number {
    if (this.outliers !== null) this.advance(nowMs);
    const group = this.#groupOf(user);
    if (group === -1) return -1;
    if (this.#isRefined) return this.#pickRefined(group, high, low, user, nowMs);
    const slots = this.#groups[group]!;
    return this.#plan.policy === "leastRequest" ? this.#leastActive(slots, high, low) : this.#next(slots, group);
  }

  /** Whether nobody is to be sent to the endpoint in this slot, because it is ejected. */
  isShunned(slot: number): boolean {
    return this.outliers !== null && this.outliers.isEjected(slot) && !this.isPanicking;
  }

  /** An attempt at this generation of an instance ended by `cause`. */
  settled(nowMs: number, instance: number, generation: number, cause: number): void {
    if (this.outliers === null && this.#first === null) return;
    const slot = this.slotOf(instance, generation);
    if (slot < 0) return;
    this.#first?.settled(slot, cause);
    if (this.outliers?.settled(nowMs, slot, cause) === true) this.#refresh();
  }

  /** An attempt that had left for the endpoint in this slot ends, and nobody will know how it would have. */
  released(slot: number): void {
    if (this.#accrual?.released(slot) === true) this.#refresh();
  }

  /** Ejections that are over by now end. */
  advance(nowMs: number): void {
    if (this.outliers?.advance(nowMs) === true) this.#refresh();
  }

  /** The slot of this generation of an instance, if the route names it; else −1. */
  slotOf(instance: number, generation: number): number {
    return this.#slots.slotOf(instance, generation);
  }

  /** An attempt left for the endpoint in this slot. */
  started(slot: number): void {
    this.#slots.started(slot);
    if (this.#accrual?.started(slot) === true) this.#refresh();
  }

  /** An attempt that had left for it ended, in whatever way. */
  ended(slot: number): void {
    this.#slots.ended(slot);
  }

  /** The instance in this slot. */
  instanceOf(slot: number): number {
    return this.#slots.ids[slot]!;
  }

  /** The generation of the instance in this slot, as of the last route that named it. */
  generationOf(slot: number): number {
    return this.#slots.generations[slot]!;
  }

  /** Attempts in flight to the endpoint in this slot. */
  activeOf(slot: number): number {
    return this.#slots.active[slot]!;
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

  #next(slots: Int32Array, group: number): number {
    const cursor = this.#cursors[group]!;
    this.#cursors[group] = (cursor + 1) & 0x7fffffff;
    return slots.length === 1 ? slots[0]! : slots[cursor % slots.length]!;
  }

  #pickRefined(group: number, high: number, low: number, user: number, nowMs: number): number {
    const slots = this.#zoning?.choose(group, high, low) ?? this.#groups[group]!;
    const { policy } = this.#plan;
    if (this.#slowStart?.isUnderWay(nowMs) === true)
      return this.#slowStart.pick(slots, nowMs, policy === "leastRequest" ? this.#slots.active : null);
    switch (policy) {
      case "roundRobin":
        return this.#next(slots, group);
      case "leastRequest":
        return this.#leastActive(slots, high, low);
      case "random":
        return slots[Math.floor(bits(high, low, CHOICE) * FRACTION * slots.length)]!;
      case "pickFirst":
        return this.#first!.pick(slots, group);
      case "ringHash":
        return this.#rings[group]!.find(bits(this.#seed, user, this.#callee ^ CHOICE));
      default:
        return unreachable(policy);
    }
  }

  /** The endpoints of each group that are not ejected, or all where too few are left. */
  #healthy(outliers: OutlierDetection | FailureAccrual): readonly Int32Array[] {
    this.isPanicking = false;
    if (outliers.ejected === 0) return this.#members;
    return this.#members.map((slots) => {
      const left = slots.filter((slot) => !outliers.isEjected(slot));
      if (left.length >= this.#panicThreshold * slots.length) return left;
      this.isPanicking = true;
      return slots;
    });
  }

  /** What there is to pick from has changed. */
  #refresh(): void {
    const { policy, minimumRingSize = 1 } = this.#plan;
    const healthy = this.outliers === null ? this.#members : this.#healthy(this.outliers);
    this.#groups = this.#zoning === null ? healthy : this.#zoning.divide(healthy, this.#slots.zones, this.isPanicking);
    if (policy === "ringHash")
      this.#rings = this.#groups.map((slots) => new HashRing(slots, this.#slots.ids, this.#callee, minimumRingSize));
  }

  /** Draws with replacement, as Envoy does; a tie goes to the one drawn first. */
  #leastActive(slots: Int32Array, high: number, low: number): number {
    const { active } = this.#slots;
    let best = -1;
    for (let choice = 0; choice < this.#plan.choiceCount; choice++) {
      const draw = bits(high, low, (CHOICE + choice) | 0) * FRACTION;
      const slot = slots[Math.floor(draw * slots.length)]!;
      if (best === -1 || active[slot]! < active[best]!) best = slot;
    }
    return best;
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
