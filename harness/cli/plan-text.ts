// What would run, before it runs: everything that was resolved, so that a printed plan is a recipe.
import { capacityOf } from "../analysis/capacity.ts";
import type { Capacity } from "../analysis/capacity.ts";
import { dependenciesOf } from "../analysis/dependencies.ts";
import { peakRate } from "../analysis/demand.ts";
import type { Plan, Study } from "../model/plan.ts";
import type { TimelineEventPlan } from "../model/release-plan.ts";
import { edgeName } from "../signals/address.ts";
import { clockText, durationText } from "./duration-text.ts";
import { FEWEST_REQUESTS, gateTraffic } from "./gate-traffic.ts";
import { numberText, percentText } from "./number-text.ts";
import { responseWords, rolloutWords } from "./strategy-words.ts";
import { textTable } from "./text-table.ts";

/** `real` is the same study at scale 100 % and its own pace, or null where it already is. `hashOf` names a plan. */
export function planText(study: Study, real: Study | null, engine: string, hashOf: (plan: Plan) => string): string {
  const { plan } = study.variants[0]!;
  const sections = [
    titleLines(study, plan, engine),
    ["Services", ...serviceLines(plan, capacityOf(plan), real === null ? null : capacityOf(real.variants[0]!.plan))],
    ["Chains", ...chainLines(plan)],
    ["Load", ...loadLines(plan)],
    ["Journeys", ...journeyLines(plan)],
    [
      "Timeline",
      ...(plan.timeline.length === 0 ? ["  nothing happens"] : plan.timeline.map((event) => eventLine(plan, event))),
    ],
    [
      plan.strategy === null ? "Run" : "Strategies",
      ...study.variants.flatMap((variant) => strategyLines(variant, hashOf)),
    ],
  ];
  const gates = gateLines(study);
  if (gates.length > 0) sections.push(["Requests per window of a gate, at the peak of the load", ...gates]);
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function titleLines({ scenario, about, file }: Study, plan: Plan, engine: string): string[] {
  return [
    about === null ? scenario : `${scenario}: ${about}`,
    `  ${file} on ${engine}, seed ${plan.seed}, scale ${percentText(plan.scale)}, compress ${numberText(plan.compress)}`,
    `  warm-up ${durationText(plan.warmUpMs)}, duration ${durationText(plan.endMs - plan.warmUpMs)}; times count from the end of the warm-up`,
    `  metrics reach alerts and gates ${durationText(plan.monitoringDelayMs)} late, callers learn of instances ${durationText(plan.discoveryDelayMs)} late`,
  ];
}

function serviceLines(plan: Plan, capacity: Capacity, real: Capacity | null): string[] {
  const ratio = (value: number | null): string => (value === null ? "–" : percentText(value));
  const header = ["service", "replicas", "requests/s", "work ms", "hold ms", "workers", "cpu"];
  const realHeader = real === null ? [] : ["| real: replicas", "workers", "cpu"];
  const rows = capacity.services.map(({ service, replicas, requestsPerSecond, workMs, holdMs, utilization }, index) => {
    const full = real?.services[index];
    return [
      service,
      String(replicas),
      numberText(requestsPerSecond),
      numberText(workMs),
      numberText(holdMs),
      ratio(utilization.workers),
      ratio(utilization.cpu),
      ...(full === undefined
        ? []
        : [`| ${full.replicas}`, ratio(full.utilization.workers), ratio(full.utilization.cpu)]),
    ];
  });
  return [
    ...textTable([...header, ...realHeader], rows),
    `  ${capacity.instances} instances, ${numberText(capacity.hopsPerSecond)} requests/s between them at the peak of the load, retries left out${hasCaches(plan) ? ", caches empty" : ""}`,
  ];
}

function hasCaches(plan: Plan): boolean {
  return plan.services.some(({ variants }) => variants.some(({ cache }) => cache !== undefined));
}

function chainLines(plan: Plan): string[] {
  const { longestChain, circles } = dependenciesOf(plan);
  const names = (services: readonly number[]): string =>
    services.map((service) => plan.services[service]!.name).join(" -> ");
  return [
    `  longest: ${names(longestChain)}`,
    ...circles.map((circle) => `  circle: ${names([...circle, circle[0]!])}`),
  ];
}

function loadLines(plan: Plan): string[] {
  return plan.loads.map(({ name, arrivals, rate, zone, users, mix }) => {
    const first = numberText(rate[0]?.ratePerSecond ?? 0);
    const peak = numberText(peakRate(rate));
    const journeys = mix
      .map(({ journey, share }) => `${plan.journeys[journey]!.name}${mix.length === 1 ? "" : ` ${percentText(share)}`}`)
      .join(", ");
    return [
      `  ${name}: ${first}/s${peak === first ? "" : `, ${peak}/s at the peak`}, ${arrivals}, to ${journeys}`,
      ...(zone === null ? [] : [`from ${plan.zones[zone]}`]),
      users === null ? "each arrival a user of its own" : `${users} users`,
    ].join(", ");
  });
}

function journeyLines(plan: Plan): string[] {
  return plan.journeys.map(({ name, service, operation, objective }) => {
    const start = plan.services[service]!;
    const within = objective.withinMs === null ? "" : ` within ${durationText(objective.withinMs)}`;
    const promise =
      objective.good === null
        ? within === ""
          ? "nothing promised"
          : `good${within}`
        : `${percentText(objective.good)} good${within}`;
    return `  ${name}: ${start.name}.${start.operations[operation]}, ${promise}`;
  });
}

function eventLine(plan: Plan, event: TimelineEventPlan): string {
  const when = `  ${clockText(event.atMs - plan.warmUpMs)}  `;
  const background = event.background ? " (background)" : "";
  if (event.do === "release") {
    const { name, service, isPush } = plan.versions[event.version]!;
    return `${when}${isPush === true ? "push" : "release"} ${name} of ${plan.services[service]!.name}${background}`;
  }
  const { kind, attributes, scope } = event.fault;
  const span = event.forMs === null ? "" : ` for ${durationText(event.forMs)}`;
  const share = scope.share === 1 ? "" : `, ${percentText(scope.share)} of requests`;
  const details = Object.keys(attributes).length === 0 ? "" : ` ${JSON.stringify(attributes)}`;
  return `${when}fault ${kind}${details} on ${placeWords(plan, scope.on)}${share}${span}${background}`;
}

function placeWords(plan: Plan, on: Extract<TimelineEventPlan, { do: "fault" }>["fault"]["scope"]["on"]): string {
  if (on.type === "zone") return `zone ${plan.zones[on.zone]!}`;
  if (on.type === "load") return `load ${plan.loads[on.load]!.name}`;
  if (on.type === "edge") return edgeName(plan.edges[on.edge]!, plan);
  const { name, operations } = plan.services[on.service]!;
  if (on.type === "instance") return `${name}#${on.ordinal}`;
  return on.operation === null ? name : `${name}.${operations[on.operation]}`;
}

function strategyLines({ plan, expectation }: Study["variants"][number], hashOf: (plan: Plan) => string): string[] {
  const title = `  ${plan.strategy ?? plan.scenario}`;
  const end = `    expects ${expectation.expect}; plan ${hashOf(plan).slice(0, 12)}`;
  if (plan.rollout === null) return [title, end];
  return [title, `    ${rolloutWords(plan)}`, ...responseWords(plan).map((line) => `    ${line}`), end];
}

function gateLines(study: Study): string[] {
  const rows = study.variants.flatMap(({ plan }) =>
    gateTraffic(plan).map(({ analysis, metric, share, windowMs, requests }) => [
      plan.strategy ?? plan.scenario,
      analysis,
      metric,
      percentText(share),
      durationText(windowMs),
      numberText(requests) + (requests < FEWEST_REQUESTS ? " (too few)" : ""),
    ]),
  );
  return rows.length === 0
    ? []
    : textTable(["strategy", "gate", "metric", "new version", "window", "requests"], rows, 3);
}
