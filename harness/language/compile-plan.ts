// One variant: its documents become a Plan, complete and frozen.
import type { EdgePlan, Plan } from "../model/plan.ts";
import { PLAN_FORMAT } from "../model/plan.ts";
import type { RolloutPlan } from "../model/release-plan.ts";
import type { ServicePlan } from "../model/service-plan.ts";
import { rollouts } from "../rollout/catalogue.ts";
import { atPace } from "../schema/at-pace.ts";
import { bucketMsOf, endOf, wholeBuckets } from "./buckets.ts";
import { CarriedHeaders } from "./carried-headers.ts";
import { checkEffect } from "./check-effect.ts";
import { checkZones } from "./check-zones.ts";
import { compileFleet, type Fleet } from "./compile-fleet.ts";
import { compileJourneys, compileLoad, type PacedScenario } from "./compile-load.ts";
import { compileAlert, compileAnalysis, compileRule, type ResponseContext } from "./compile-response.ts";
import { withSessionJourneys } from "./compile-population.ts";
import { compileRemedies } from "./compile-remedies.ts";
import { compileTimeline } from "./compile-timeline.ts";
import type { Cursor } from "./cursor.ts";
import { Edges } from "./edges.ts";
import { Names } from "./names.ts";
import type { WrittenRollout } from "./rollout-schema.ts";
import { shippedBy } from "./shipped.ts";
import { fittingScale, scaledService } from "./scale-service.ts";
import type { VariantSource } from "./variant-source.ts";

/** What is the same for all variants of a study. */
export interface Settings {
  readonly seed: number;
  readonly scale: number;
  readonly compress: number;
  /** Where the scale was written, or null where the command line said it. */
  readonly scaleCursor: Cursor | null;
}

export interface CompiledVariant {
  readonly source: VariantSource;
  readonly plan: Plan;
  readonly fleet: Fleet;
  readonly scenario: PacedScenario;
}

/** `strategy` is null where the scenario has none. Problems are reported; the plan is of use only where there were none. */
export function compilePlan(source: VariantSource, strategy: string | null, settings: Settings): CompiledVariant {
  const { cursor } = source.scenario;
  const scenario = withSessionJourneys(atPace(source.scenario.written, settings.compress));
  const edges = new Edges();
  const { topology, documents } = source;
  const fleet = compileFleet(
    { topology, documents, scenario, scenarioCursor: cursor, compress: settings.compress },
    edges,
  );
  const services = scaledFleet(fleet, settings, cursor);
  const bucketMs = bucketMsOf(settings.compress);
  const warmUpMs = wholeBuckets(scenario.warmUp, bucketMs);
  const journeyNames = Names.sorted("journey", Object.keys(scenario.journeys));
  const loadNames = Names.sorted("load", Object.keys(scenario.load));
  checkLoadNames(loadNames, fleet, cursor.at("load"));
  const journeys = compileJourneys(scenario, journeyNames, fleet.names, cursor);
  const headers = new CarriedHeaders();
  const loadContext = {
    ...fleet,
    headers,
    journeys: journeyNames,
    starts: journeys.map(({ service }) => service),
    edges,
    scale: settings.scale,
    compress: settings.compress,
    warmUpMs,
  };
  const loads = loadNames.list.map((name, index) =>
    compileLoad(name, index, scenario.load[name]!, scenario, loadContext, cursor.at("load", name)),
  );
  const addresses = { journeys, services, zones: fleet.zones.list, loads, edges: edges.list };
  const timeline = compileTimeline(
    scenario,
    {
      ...fleet,
      edges,
      loads: loadNames,
      loadPlans: loads,
      headers,
      addresses,
      versions: fleet.versionNames,
      scaled: services,
      warmUpMs,
      durationMs: scenario.duration,
    },
    cursor.at("timeline"),
  );
  const control = compileControlPlane(
    scenario,
    strategy,
    fleet,
    { addresses, journeys: journeyNames, warmUpMs },
    cursor,
    settings.scale,
  );
  const remedies = compileRemedies(
    scenario,
    { fleet, loads: loadNames, services, versions: fleet.versionNames },
    cursor.at("remedies"),
  );
  const plan: Plan = {
    format: PLAN_FORMAT,
    scenario: scenario.scenario,
    strategy,
    isControl: false,
    seed: settings.seed,
    scale: settings.scale,
    compress: settings.compress,
    warmUpMs,
    endMs: endOf(warmUpMs, scenario.duration, bucketMs, cursor.at("duration")),
    bucketMs,
    monitoringDelayMs: scenario.monitoring.delay,
    discoveryDelayMs: scenario.discovery.delay,
    zones: fleet.zones.list,
    networkMs: fleet.networkMs,
    services,
    journeys,
    loads,
    ...(headers.list.length === 0 ? {} : { headers: headers.list }),
    edges: edges.list,
    teams: fleet.teams,
    versions: fleet.versions,
    timeline,
    ...control,
    ...(remedies.length === 0 ? {} : { remedies }),
  };
  return { source, plan, fleet, scenario };
}

function scaledFleet(fleet: Fleet, { scale, scaleCursor }: Settings, cursor: Cursor): ServicePlan[] {
  if (!(scale > 0)) report("out-of-range", "the scale must be above 0", null);
  const scaled = fleet.services.map((service) => scaledService(service, scale) ?? service);
  const unfit = fleet.services.filter((service) => scaledService(service, scale) === null).map(({ name }) => name);
  if (unfit.length > 0) {
    const names = unfit.length > 5 ? `${unfit.slice(0, 5).join(", ")} and ${unfit.length - 5} more` : unfit.join(", ");
    const message = `at a scale of ${percent(scale)} the utilisation of ${names} would be off by more than 10 %`;
    report("scale-does-not-fit", message, `${percent(fittingScale(fleet.services, scale))} fits`);
  }
  return scaled;

  function report(code: string, message: string, hint: string | null): void {
    if (scaleCursor === null) cursor.problems.error(code, null, message, hint);
    else scaleCursor.error(code, message, hint);
  }
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 10_000) / 100}%`;
}

function checkLoadNames(loads: Names, fleet: Fleet, cursor: Cursor): void {
  for (const name of loads.list) {
    if (fleet.names.services.has(name))
      cursor
        .at(name)
        .errorAtKey(
          "bad-name",
          `there is also a service \`${name}\``,
          "metrics tell callers apart by name: give the load another one",
        );
  }
}

type ControlPlane = Pick<Plan, "rollout" | "analyses" | "alerts" | "responses">;

function compileControlPlane(
  scenario: PacedScenario,
  strategyName: string | null,
  fleet: Fleet,
  places: {
    addresses: { edges: readonly EdgePlan[] } & ResponseContext["addresses"];
    journeys: Names;
    warmUpMs: number;
  },
  cursor: Cursor,
  scale: number,
): ControlPlane {
  const analyses = Names.sorted("analysis", Object.keys(scenario.analysis));
  const alerts = Names.sorted("alert", Object.keys(scenario.alerts));
  const context: ResponseContext = {
    ...places,
    services: fleet.names.services,
    teams: Names.sorted(
      "team",
      fleet.teams.map(({ name }) => name),
    ),
    alerts,
    released: releasedService(scenario),
    durationMs: scenario.duration,
  };
  const strategy = strategyName === null ? undefined : scenario.strategies[strategyName];
  const place = strategyName === null ? cursor : cursor.at("strategies", strategyName);
  const rules = (strategy?.respond ?? []).map((rule, index) =>
    compileRule(rule, Object.keys(scenario.remedies), context, place.at("respond", index)),
  );
  const short =
    strategy?.rollback === undefined
      ? []
      : [
          compileRule(
            { ...strategy.rollback, do: "rollback", via: undefined, otherwise: undefined },
            [],
            context,
            place.at("rollback"),
          ),
        ];
  const rollout = compileRollout(scenario, strategy?.rollout, fleet, analyses, place, scale);
  if (strategy !== undefined) checkEffect(strategy, rollout, scenario.timeline, place);
  return {
    rollout,
    analyses: analyses.list.map((name) =>
      compileAnalysis(name, scenario.analysis[name]!, context, cursor.at("analysis", name)),
    ),
    alerts: alerts.list.map((name) =>
      compileAlert(name, scenario.alerts[name]!, scenario, context, cursor.at("alerts", name)),
    ),
    responses: [...rules, ...short],
  };
}

/** The one service that is released, or null. */
function releasedService(scenario: PacedScenario): string | null {
  const services = new Set(
    scenario.timeline.flatMap((event) => {
      const version = shippedBy(event);
      return version === undefined ? [] : [scenario.versions[version]?.service];
    }),
  );
  const [only] = services;
  return services.size === 1 ? (only ?? null) : null;
}

/** Null where nothing is released, or no way to ship it is written. */
function compileRollout(
  scenario: PacedScenario,
  written: WrittenRollout | undefined,
  fleet: Fleet,
  analyses: Names,
  place: Cursor,
  scale: number,
): RolloutPlan | null {
  const hasRelease = scenario.timeline.some((event) => shippedBy(event) !== undefined);
  if (written === undefined) {
    if (!hasRelease || !place.problems.isWhole) return null;
    place.errorAtKey(
      "missing-key",
      "the timeline releases a version, but nothing says how it reaches the fleet",
      "give the strategy a `rollout:`, such as `{ kind: rollingUpdate }`",
    );
    return null;
  }
  const at = place.at("rollout");
  const { kind, ...attributes } = written;
  const plan = rollouts[kind as keyof typeof rollouts].compile(attributes, {
    zones: fleet.zones.list,
    zone: (name, path) => fleet.zones.find(name, at.at(...path)),
    analysis: (name, path) => analyses.find(name, at.at(...path)),
  });
  checkZones(plan, scenario.timeline, fleet, at);
  return hasRelease ? scaledRollout(plan, scale) : null;
}

/** A canary that waits for requests waits for its share of them. */
function scaledRollout(plan: RolloutPlan, scale: number): RolloutPlan {
  if (plan.kind !== "canary") return plan;
  return {
    ...plan,
    steps: plan.steps.map((step) =>
      step.do === "pauseRequests" ? { ...step, minRequests: Math.ceil(step.minRequests * scale) } : step,
    ),
  };
}
