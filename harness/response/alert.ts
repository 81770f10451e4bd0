// An alert: fires while its condition holds over the buckets that monitoring has seen.
import type { AlertPlan } from "../model/release-plan.ts";
import { isBroken } from "../signals/limit.ts";

/** The value of a metric address over the last `overMs`, as monitoring sees it now; null = no data. */
export type Look = (metric: string, overMs: number, of: "itself" | "stable") => number | null;

/** What an alert on a journey needs to know of it. */
export interface Promised {
  readonly name: string;
  readonly objective: { readonly good: number | null };
}

export interface AlertChange {
  readonly alert: string;
  readonly state: "firing" | "resolved";
  /** The burn rate of the window that burns less, or the metric. */
  readonly value: number | null;
}

export class Alert {
  readonly plan: AlertPlan;
  readonly #journeys: readonly Promised[];
  #isFiring = false;

  constructor(plan: AlertPlan, journeys: readonly Promised[]) {
    this.plan = plan;
    this.#journeys = journeys;
  }

  get isFiring(): boolean {
    return this.#isFiring;
  }

  /** Looks once; null = nothing changed. Where there is no data the alert stays as it is. */
  evaluate(look: Look): AlertChange | null {
    const seen = this.#look(look);
    if (seen === null || seen.isBad === this.#isFiring) return null;
    this.#isFiring = seen.isBad;
    return { alert: this.plan.name, state: seen.isBad ? "firing" : "resolved", value: seen.value };
  }

  #look(look: Look): { readonly isBad: boolean; readonly value: number } | null {
    const { condition } = this.plan;
    if (condition.type === "metric") {
      const { metric, overMs, limit } = condition;
      const value = look(metric, overMs, "itself");
      const isBad = isBroken(limit, value, limit.relativeToStable ? look(metric, overMs, "stable") : null);
      return isBad === null || value === null ? null : { isBad, value };
    }
    const journey = this.#journeys[condition.journey]!;
    const allowed = 1 - (journey.objective.good ?? 1);
    const metric = metricBurnt(journey);
    const long = burnRateOf(look(metric, condition.longMs, "itself"), allowed);
    const short = burnRateOf(look(metric, condition.shortMs, "itself"), allowed);
    if (long === null || short === null) return null;
    return { isBad: long > condition.burnRate && short > condition.burnRate, value: Math.min(long, short) };
  }
}

/** The metric whose shortfall burns a journey's error budget, as its full address. */
export function metricBurnt({ name }: Pick<Promised, "name">): string {
  return `journeys.${name}.availability`;
}

/** How many times faster than allowed the error budget burns. Source: SRE Workbook, chapter 5. */
function burnRateOf(availability: number | null, allowed: number): number | null {
  if (availability === null) return null;
  const bad = 1 - availability;
  return bad === 0 ? 0 : bad / allowed;
}
