// Journeys and the loads that set out on them.
import { Sampler } from "../core/sampler.ts";
import { CRITICAL, CRITICALITIES } from "../model/criticality.ts";
import type { JourneyPlan, LoadPlan, PopulationPlan, RateCorner } from "../model/load-plan.ts";
import type { AtPace } from "../schema/at-pace.ts";
import type { CarriedHeaders } from "./carried-headers.ts";
import { CallCompiler, type CallPolicy } from "./compile-calls.ts";
import type { Cursor } from "./cursor.ts";
import type { Edges } from "./edges.ts";
import type { FleetNames } from "./fleet-names.ts";
import type { WrittenLoad } from "./load-schema.ts";
import { compilePopulation } from "./compile-population.ts";
import type { Names } from "./names.ts";
import type { WrittenScenario } from "./scenario-schema.ts";

export type PacedScenario = AtPace<WrittenScenario>;
type PacedLoad = AtPace<WrittenLoad>;

/** Arrivals per second that one load may reach. */
const RATE_LIMIT = 1e6;

export interface LoadContext {
  readonly journeys: Names;
  /** The service that each journey starts at; -1 where it is unknown (and reported). */
  readonly starts: readonly number[];
  readonly zones: Names;
  readonly names: FleetNames;
  readonly edges: Edges;
  readonly headers: CarriedHeaders;
  readonly defaultCall: CallPolicy;
  readonly scale: number;
  readonly compress: number;
  readonly warmUpMs: number;
}

export function compileJourneys(
  scenario: PacedScenario,
  journeys: Names,
  names: FleetNames,
  cursor: Cursor,
): JourneyPlan[] {
  return journeys.list.map((name) => {
    const { start, objective } = scenario.journeys[name]!;
    const target = names.find(start, cursor.at("journeys", name, "start")) ?? { service: -1, operation: -1 };
    return { name, ...target, objective: { good: objective.good ?? null, withinMs: objective.within ?? null } };
  });
}

/** `cursor` stands on the load. */
export function compileLoad(
  name: string,
  index: number,
  load: PacedLoad,
  scenario: PacedScenario,
  context: LoadContext,
  cursor: Cursor,
): LoadPlan {
  const calls = new CallCompiler(
    {
      type: "load",
      index,
      policies: load.calls,
      otherwise: context.defaultCall,
      knowsUsers: load.clients !== undefined || load.users !== undefined,
    },
    context.names,
    context.edges,
  );
  const mix = compileMix(load, context.journeys, cursor);
  const population = compilePopulation(load, scenario, context, cursor);
  const callOfJourney = context.journeys.list.map((journey, journeyIndex) => {
    const isOwn = mix.some((entry) => entry.journey === journeyIndex);
    if (!(isOwn || population?.session?.journey === journeyIndex) || context.starts[journeyIndex] === -1) return -1;
    return calls.find(scenario.journeys[journey]!.start, cursor)?.call ?? -1;
  });
  calls.checkKeys(cursor.at("calls"));
  return {
    name,
    arrivals: load.arrivals,
    rate: population === null ? compileRate(load, context, cursor) : steadyRate(population, cursor),
    ...(population === null ? {} : { population }),
    ...(load.patience === undefined ? {} : { patience: load.patience }),
    zone: load.zone === undefined ? null : context.zones.find(load.zone, cursor.at("zone")),
    users:
      population?.clients ?? (load.users === undefined ? null : Math.max(1, Math.round(load.users * context.scale))),
    mix,
    ...compileCriticalities(load, context.journeys, scenario),
    calls: calls.list,
    callOfJourney,
    ...(load.headers === undefined ? {} : { headers: context.headers.send(load.headers, cursor.at("headers")) }),
    payload: load.payload,
  };
}

/** Nothing where all requests are critical. */
function compileCriticalities(
  load: PacedLoad,
  journeys: Names,
  scenario: PacedScenario,
): { criticalities?: readonly number[] } {
  const criticalities = journeys.list.map((journey) =>
    CRITICALITIES.indexOf(load.priority ?? scenario.journeys[journey]!.priority ?? "critical"),
  );
  return criticalities.every((each) => each === CRITICAL) ? {} : { criticalities };
}

function compileMix(load: PacedLoad, journeys: Names, cursor: Cursor): { journey: number; share: number }[] {
  if (load.journey !== undefined) return [{ journey: journeys.find(load.journey, cursor.at("journey")), share: 1 }];
  const weights = Object.entries(load.mix ?? {}).map(([journey, weight]) => ({
    journey: journeys.find(journey, cursor.at("mix", journey).key),
    weight,
  }));
  if (weights.length === 0) cursor.at("mix").error("out-of-range", "needs at least one journey");
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  return weights
    .map(({ journey, weight }) => ({ journey, share: weight / total }))
    .sort((a, b) => a.journey - b.journey);
}

/** What clients would ask for if answers took no time: the most they can. */
function steadyRate({ clients, thinkTime }: PopulationPlan, cursor: Cursor): RateCorner[] {
  const ratePerSecond = (clients * 1000) / new Sampler(thinkTime).meanMs;
  if (ratePerSecond > RATE_LIMIT)
    cursor.error("over-limit", `a load may have at most ${RATE_LIMIT} arrivals per second`);
  return [{ atMs: 0, ratePerSecond }];
}

/** Piecewise linear: constant until a stage begins, then linear over its `over`, then constant again. */
function compileRate(load: PacedLoad, { scale, warmUpMs }: LoadContext, cursor: Cursor): RateCorner[] {
  const first = (load.rate ?? 0) * scale;
  const corners: RateCorner[] = [{ atMs: 0, ratePerSecond: first }];
  let latestMs = 0;
  let before = first;
  load.stages.forEach((stage, index) => {
    const atMs = warmUpMs + stage.at;
    const ratePerSecond = stage.rate * scale;
    if (atMs < latestMs)
      cursor.at("stages", index, "at").error("out-of-range", "a stage begins before the one above it is over");
    corners.push({ atMs, ratePerSecond: before }, { atMs: atMs + stage.over, ratePerSecond });
    latestMs = atMs + stage.over;
    before = ratePerSecond;
  });
  if (corners.some((corner) => corner.ratePerSecond > RATE_LIMIT))
    cursor.error("over-limit", `a load may have at most ${RATE_LIMIT} arrivals per second`);
  return corners;
}
