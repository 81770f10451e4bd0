// What may kill this instance in this life, or null where nothing does: drawn by key, so that the n-th life of an
// instance ends as it does whatever else happens.
import { hashText, mixHigh, mixLow } from "../core/key.ts";
import type { Plan } from "../model/plan.ts";
import type { InstanceRef } from "../model/route.ts";
import { Vitals } from "../service/vitals.ts";

const PURPOSE = hashText("life");

export function vitalsOf(
  plan: Plan,
  { id, generation, service, variant }: InstanceRef,
  startMs: number,
): Vitals | null {
  const { life } = plan.services[service]!.variants[variant]!;
  if (life === undefined) return null;
  const high = mixHigh(plan.seed | 0, PURPOSE, id);
  const low = mixLow(plan.seed | 0, PURPOSE, id);
  return new Vitals(life, startMs, mixHigh(high, low, generation), mixLow(high, low, generation));
}
