// Closed populations: clients with their think times and sessions.
import { Sampler } from "../core/sampler.ts";
import type { PopulationPlan, SessionPlan } from "../model/load-plan.ts";
import type { AtPace } from "../schema/at-pace.ts";
import type { Cursor } from "./cursor.ts";
import type { WrittenLoad } from "./load-schema.ts";
import type { Names } from "./names.ts";
import type { WrittenScenario } from "./scenario-schema.ts";

type PacedScenario = AtPace<WrittenScenario>;

export interface PopulationContext {
  readonly journeys: Names;
  readonly scale: number;
  readonly compress: number;
}

/** The scenario with a journey, without a promise, for each start of a session that is none of its own. */
export function withSessionJourneys(scenario: PacedScenario): PacedScenario {
  const starts = Object.entries(scenario.load).flatMap(([load, { session }]) => {
    if (session === undefined || journeyFrom(session.start, Object.values(scenario.journeys)) >= 0) return [];
    return [[`${load}-session`, { start: session.start, objective: {} }] as const];
  });
  return starts.length === 0
    ? scenario
    : { ...scenario, journeys: { ...Object.fromEntries(starts), ...scenario.journeys } };
}

/** Null for an open load. `cursor` stands on the load. */
export function compilePopulation(
  load: AtPace<WrittenLoad>,
  scenario: PacedScenario,
  { scale, compress, journeys }: PopulationContext,
  cursor: Cursor,
): PopulationPlan | null {
  const { clients, thinkTime } = load;
  if (clients === undefined || thinkTime === undefined) return null;
  if (!(new Sampler(thinkTime).meanMs > 0))
    cursor
      .at("thinkTime")
      .error("out-of-range", "clients must think longer than nothing", "give an open load a `rate`");
  return {
    clients: Math.max(1, Math.round((clients * scale) / compress)),
    thinkTime,
    session:
      load.session === undefined ? null : compileSession(load.session, scenario, journeys.list, cursor.at("session")),
  };
}

function compileSession(
  { start, reconnect: { backoff }, endsOn }: NonNullable<AtPace<WrittenLoad>["session"]>,
  scenario: PacedScenario,
  journeys: readonly string[],
  cursor: Cursor,
): SessionPlan {
  const journey = journeyFrom(
    start,
    journeys.map((name) => scenario.journeys[name]!),
  );
  if (journey === -1 && cursor.problems.isWhole)
    cursor
      .at("start")
      .error(
        "unknown-name",
        "no journey starts there, and the name of the one that would be added is taken",
        "add it to `journeys`, such as `login: { start: … }`",
      );
  const place = cursor.at("reconnect", "backoff");
  if (!(backoff.initial > 0)) place.at("initial").error("out-of-range", "this must be longer than nothing");
  return {
    journey,
    reconnect: {
      initialMs: backoff.initial,
      maxMs: backoff.max,
      multiplier: backoff.multiplier,
      jitter: backoff.jitter,
      proportion: backoff.proportion,
    },
    endsOn,
  };
}

type Start = NonNullable<AtPace<WrittenLoad>["session"]>["start"];

/** The first of the journeys that starts there; -1 = none. */
function journeyFrom({ service, operation }: Start, journeys: readonly { readonly start: Start }[]): number {
  return journeys.findIndex(({ start }) => start.service === service && start.operation === operation);
}
