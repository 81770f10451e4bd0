// The small plan with a life: what its instances live and die by.
import type { LifePlan } from "../../harness/model/life-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { lifePlan } from "../service/life-plan.ts";
import type { MemoryFleet } from "./memory-fleet.ts";
import { smallPlan, type SmallPlanOptions } from "./small-plan.ts";

/** This life in all of its versions, or in the given one. */
export function withLife(life: Partial<LifePlan>, options: SmallPlanOptions = {}, only: number | null = null): Plan {
  const plan = smallPlan(options);
  const services = plan.services.map((service) => ({
    ...service,
    variants: service.variants.map((variant, index) =>
      only === null || only === index ? { ...variant, life: lifePlan(life) } : variant,
    ),
  }));
  return { ...plan, services };
}

/** What was recorded of its instances: `5000 shop#0 crashed`. */
export function livesOf(fleet: MemoryFleet): string[] {
  return fleet.story("instance", ({ instance, state }) => `${instance} ${state}`);
}
