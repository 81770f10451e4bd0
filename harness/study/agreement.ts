// Do the two engines say the same? Outcomes must be equal, availability within a percentage point or within chance,
// and median latency within what a real machine adds.
import type { JourneyTable, Result, VariantResult } from "../verdict/result.ts";

export interface Agreement {
  readonly agrees: boolean;
  readonly variants: readonly VariantAgreement[];
}

export interface VariantAgreement {
  readonly strategy: string | null;
  readonly agrees: boolean;
  readonly outcomes: { readonly sim: string; readonly live: string };
  readonly journeys: readonly JourneyAgreement[];
}

export interface JourneyAgreement {
  readonly journey: string;
  readonly agrees: boolean;
  readonly availability: AvailabilityAgreement;
  /** Medians of completed requests; null where none completed. */
  readonly p50Ms: { readonly sim: number | null; readonly live: number | null; readonly agrees: boolean };
}

/** Ratios. */
export interface AvailabilityAgreement {
  readonly sim: number;
  readonly live: number;
  /** By how much they may differ: a percentage point, or what chance explains where that is more. */
  readonly tolerance: number;
  readonly agrees: boolean;
}

/** Ratio. */
const AVAILABILITY_TOLERANCE = 0.01;
/**
 * Two-sided 95 % of the normal distribution. A system in overload is sensitive: a network slower by ten microseconds
 * changes who of many waiting requests is served in time, though not how many are on average. So a share of n requests
 * is known no better than by its standard error, √(p(1 − p) / n), also where both engines are given the same requests.
 */
const CHANCE_STANDARD_ERRORS = 1.96;
/** Median latency may differ by this much and by this share of the simulated one. */
const LATENCY_TOLERANCE_MS = 2;
const LATENCY_TOLERANCE_SHARE = 0.1;

/** Compares the strategies that both results have; where there are none, nothing agrees. A measurement compares its tables. */
export function agreementOf(sim: Result, live: Result): Agreement {
  const variants = live.variants.flatMap((liveVariant) => {
    const simVariant = sim.variants.find(({ strategy }) => strategy === liveVariant.strategy);
    return simVariant === undefined ? [] : [compare(simVariant, liveVariant)];
  });
  if (live.variants.length === 0 && sim.control !== null && live.control !== null) {
    const journeys = journeysOf(sim.control.journeys, live.control.journeys);
    const agrees = journeys.every((journey) => journey.agrees);
    variants.push({ strategy: null, agrees, outcomes: { sim: "measured", live: "measured" }, journeys });
  }
  return { agrees: variants.length > 0 && variants.every(({ agrees }) => agrees), variants };
}

/** One variant on both engines. */
export function compare(sim: VariantResult, live: VariantResult): VariantAgreement {
  const journeys = journeysOf(sim.journeys, live.journeys);
  return {
    strategy: live.strategy,
    agrees: sim.outcome === live.outcome && journeys.every(({ agrees }) => agrees),
    outcomes: { sim: sim.outcome, live: live.outcome },
    journeys,
  };
}

function journeysOf(
  sim: Readonly<Record<string, JourneyTable>>,
  live: Readonly<Record<string, JourneyTable>>,
): JourneyAgreement[] {
  return Object.entries(live).flatMap(([journey, liveTable]) => {
    const simTable = sim[journey];
    if (simTable === undefined) return [];
    const medians = [simTable.latencyMs?.p50 ?? null, liveTable.latencyMs?.p50 ?? null] as const;
    const p50Ms = { sim: medians[0], live: medians[1], agrees: isLatencyClose(...medians) };
    const availability = availabilityOf(simTable, liveTable);
    return [{ journey, agrees: availability.agrees && p50Ms.agrees, availability, p50Ms }];
  });
}

function availabilityOf(sim: JourneyTable, live: JourneyTable): AvailabilityAgreement {
  const requests = sim.requests + live.requests;
  const pooled = (sim.availability * sim.requests + live.availability * live.requests) / Math.max(1, requests);
  const variance = pooled * (1 - pooled) * (1 / Math.max(1, sim.requests) + 1 / Math.max(1, live.requests));
  const tolerance = Math.max(AVAILABILITY_TOLERANCE, CHANCE_STANDARD_ERRORS * Math.sqrt(variance));
  const agrees = Math.abs(sim.availability - live.availability) <= tolerance;
  return { sim: sim.availability, live: live.availability, tolerance, agrees };
}

function isLatencyClose(simMs: number | null, liveMs: number | null): boolean {
  if (simMs === null || liveMs === null) return simMs === liveMs;
  return Math.abs(simMs - liveMs) <= LATENCY_TOLERANCE_MS + LATENCY_TOLERANCE_SHARE * simMs;
}
