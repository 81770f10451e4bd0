// Which zone an attempt goes to: its caller's own first, its own alone, or Envoy's zone-aware shares.
// Source of the shares: Envoy `ZoneAwareLoadBalancerBase`. With u the share of endpoints and l the share of callers in a
// zone, a caller in a zone with u ≥ l stays there; else it stays with probability u ÷ l, and the rest is divided over
// the zones with room, u > l, in proportion to u − l.
import * as z from "zod";
import { bits, hashText } from "../core/key.ts";
import type { ZonePreference } from "../model/call-plan.ts";
import { count } from "../schema/count.ts";

/** Written `loadBalancer.zone`; the output is a ZonePreference, or undefined. */
export const zoneSchema = z
  .union([
    z.enum(["any", "prefer", "only", "aware"]),
    z.strictObject({
      mode: z.literal("aware").describe("Envoy's zone-aware routing."),
      minimumEndpoints: count(1)
        .prefault(6)
        .describe("With fewer endpoints zones do not matter. Envoy: 6 (`min_cluster_size`)."),
    }),
  ])
  .default("any")
  .transform((written): ZonePreference | undefined => {
    if (written === "any") return undefined;
    if (typeof written === "object") return written;
    return written === "aware" ? { mode: "aware", minimumEndpoints: 6 } : { mode: written };
  })
  .describe(
    "any: zones do not matter; prefer: the caller's own zone while it has endpoints; only: no other; aware: as much of " +
      "its own zone as leaves all endpoints the same load (Envoy). A caller outside all zones uses any; a load, which " +
      "has no instances to count, takes aware for prefer.",
  );

const ZONE = hashText("policies/zone-routing/zone");

/** Endpoints of one group by zone, and how attempts are divided over the zones. */
interface Division {
  readonly ofZone: readonly Int32Array[];
  /** By zone: an attempt whose draw lies below this, and not below one before, goes there. The own zone comes first. */
  readonly order: readonly number[];
  readonly limits: readonly number[];
}

export class ZoneRouting {
  readonly #preference: ZonePreference;
  readonly #zone: number;
  #callers: readonly number[] = [];
  #divisions: readonly (Division | null)[] = [];

  /** `zone`: the caller's, an index. */
  constructor(preference: ZonePreference, zone: number) {
    this.#preference = preference;
    this.#zone = zone;
  }

  /** Instances of the caller's own service, by zone. */
  callersPerZone(instances: readonly number[]): void {
    this.#callers = instances;
  }

  /** What is left of each group to pick from. `zones` by slot. In a panic zones do not matter, as in Envoy, but to `only`. */
  divide(groups: readonly Int32Array[], zones: Int32Array, isPanicking: boolean): readonly Int32Array[] {
    const preference = this.#preference;
    if (isPanicking && preference.mode !== "only") {
      this.#divisions = [];
      return groups;
    }
    const isShared = preference.mode === "aware" && this.#callers.some((instances) => instances > 0);
    this.#divisions = groups.map((slots) =>
      isShared && slots.length >= preference.minimumEndpoints ? this.#shares(slots, zones) : null,
    );
    if (isShared) return groups;
    return groups.map((slots) => {
      if (preference.mode === "aware" && slots.length < preference.minimumEndpoints) return slots;
      const own = slots.filter((slot) => zones[slot] === this.#zone);
      return own.length > 0 || preference.mode === "only" ? own : slots;
    });
  }

  /** The endpoints for the attempt of this key; null = the whole group. */
  choose(group: number, high: number, low: number): Int32Array | null {
    const division = this.#divisions[group] ?? null;
    if (division === null) return null;
    const draw = bits(high, low, ZONE) * 2.3283064365386962890625e-10;
    const { ofZone, order, limits } = division;
    const at = limits.findIndex((limit) => draw < limit);
    return ofZone[order[at === -1 ? order.length - 1 : at]!]!;
  }

  #shares(slots: Int32Array, zones: Int32Array): Division | null {
    const zoneCount = Math.max(this.#callers.length, ...slots.map((slot) => zones[slot]! + 1));
    const ofZone = Array.from({ length: zoneCount }, (_, zone) => slots.filter((slot) => zones[slot] === zone));
    const callers = this.#callers.reduce((sum, each) => sum + each, 0);
    const own = this.#zone;
    const room = ofZone.map((each, zone) => each.length / slots.length - (this.#callers[zone] ?? 0) / callers);
    const ownCallers = (this.#callers[own] ?? 0) / callers;
    // A caller whose own zone is not among the callers' is not counted yet: its instance has just started.
    if (ownCallers === 0) return null;
    const stays = room[own]! >= 0 ? 1 : ofZone[own]!.length / slots.length / ownCallers;
    const others = room.flatMap((each, zone) => (zone !== own && each > 0 ? [zone] : []));
    const rest = others.reduce((sum, zone) => sum + room[zone]!, 0);
    const order = stays === 1 ? [own] : [own, ...others];
    let limit = stays;
    const limits = order.map((zone) => (zone === own ? limit : (limit += ((1 - stays) * room[zone]!) / rest)));
    return { ofZone, order, limits };
  }
}
