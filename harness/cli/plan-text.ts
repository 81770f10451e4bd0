// What would run, before it runs: everything that was resolved, so that a printed plan is a recipe.
import { wrap } from "../../reports/wrap.ts";
import { capacityOf } from "../analysis/capacity.ts";
import type { Capacity } from "../analysis/capacity.ts";
import { dependenciesOf } from "../analysis/dependencies.ts";
import type { Plan, Study } from "../model/plan.ts";
import type { ServicePlan } from "../model/service-plan.ts";
import { spanText } from "./duration-text.ts";
import { FEWEST_REQUESTS, gateTraffic } from "./gate-traffic.ts";
import { loadWords } from "./load-words.ts";
import { numberText, percentText, shareText } from "./number-text.ts";
import { remedyWords } from "./remedy-words.ts";
import { responseWords, rolloutWords } from "./strategy-words.ts";
import { textTable } from "./text-table.ts";
import { timelineLines } from "./timeline-text.ts";

/** Beside the study itself. */
export interface PlanTextOptions {
  /** The same study at scale 100 % and its own pace, or null where it already is. */
  readonly real: Study | null;
  readonly engine: string;
  /** Names a plan. */
  readonly hashOf: (plan: Plan) => string;
  /** Characters per line. */
  readonly columns: number;
}

/** Strategies that differ in what they see have a section each. Only a single word that is too long leaves its line. */
export function planText(study: Study, { real, engine, hashOf, columns }: PlanTextOptions): string {
  const { plan } = study.variants[0]!;
  const full = real === null ? null : capacityOf(real.variants[0]!.plan);
  const sections = [
    titleLines(study, plan, engine).flatMap((line, index) => paragraph(line, columns, index === 0 ? "" : "  ")),
    ["Services", ...serviceLines(plan, capacityOf(plan), full, columns), ...otherServices(study, columns)],
    ["Chains", ...chainLines(plan).flatMap((line) => paragraph(line, columns))],
    ...sectionsOf("Load", study, columns, (each) =>
      each.loads.flatMap((load) => paragraph(loadWords(each, load), columns)),
    ),
    ["Journeys", ...journeyLines(plan).flatMap((line) => paragraph(line, columns))],
    ...sectionsOf("Timeline", study, columns, (each) => timelineLines(each, columns)),
    ...remedySections(study, columns),
    [
      plan.strategy === null ? "Run" : "Strategies",
      ...study.variants.flatMap((variant) => strategyLines(variant, hashOf, columns)),
    ],
  ];
  const gates = gateLines(study, columns);
  if (gates.length > 0)
    sections.push(["Requests per window of a gate, at the load's peak and the new version's share", ...gates]);
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** One section where all variants have the same lines, otherwise one for each kind of lines, named after its strategies. */
function sectionsOf(
  title: string,
  { variants }: Study,
  columns: number,
  linesOf: (plan: Plan) => readonly string[],
): string[][] {
  const sections = new Map<string, { lines: readonly string[]; names: string[] }>();
  for (const { plan } of variants) {
    const lines = linesOf(plan);
    const section = sections.get(lines.join("\n")) ?? { lines, names: [] };
    section.names.push(plan.strategy ?? plan.scenario);
    sections.set(lines.join("\n"), section);
  }
  if (sections.size === 1) return Array.from(sections.values(), ({ lines }) => [title, ...lines]);
  return Array.from(sections.values(), ({ lines, names }) => [
    ...wrap(`${title} of ${names.join(", ")}`, columns, "  "),
    ...lines,
  ]);
}

/** A section for the remedies that responses name, where there are any. */
function remedySections({ variants }: Study, columns: number): string[][] {
  const words = new Set(
    variants.flatMap(({ plan }) => (plan.remedies ?? []).map((remedy) => remedyWords(plan, remedy))),
  );
  return words.size === 0 ? [] : [["Remedies", ...[...words].flatMap((line) => paragraph(line, columns))]];
}

/** In lines of the width, all of them indented, the later ones by two more. */
function paragraph(text: string, columns: number, indent = "  "): string[] {
  return wrap(text, columns - indent.length, "  ").map((line) => `${indent}${line}`);
}

function titleLines({ scenario, about, file }: Study, plan: Plan, engine: string): string[] {
  return [
    about === null ? scenario : `${scenario}: ${about}`,
    `${file} on ${engine}, seed ${plan.seed}, scale ${percentText(plan.scale)}, compress ${numberText(plan.compress)}`,
    `warm-up ${spanText(plan.warmUpMs)}, duration ${spanText(plan.endMs - plan.warmUpMs)}; times count from the end of the warm-up`,
    `metrics reach alerts and gates ${spanText(plan.monitoringDelayMs)} late, callers learn of instances ${spanText(plan.discoveryDelayMs)} late`,
  ];
}

function serviceLines(plan: Plan, capacity: Capacity, real: Capacity | null, columns: number): string[] {
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
    ...textTable([...header, ...realHeader], rows, 1, columns),
    ...paragraph(
      `${capacity.instances} instances, ${numberText(capacity.hopsPerSecond)} requests/s between them at the peak of the load, retries left out${hasCaches(plan) ? ", caches empty" : ""}`,
      columns,
    ),
  ];
}

/** The table is that of the first strategy; what others change in a service is not in it. */
function otherServices({ variants }: Study, columns: number): string[] {
  const [first, ...others] = variants.map(({ plan }) => plan);
  const differing = others.flatMap((plan) => {
    const names = plan.services
      .filter((service, index) => standing(service) !== standing(first!.services[index]!))
      .map(({ name }) => name);
    return names.length === 0 ? [] : [`${plan.strategy} (${names.join(", ")})`];
  });
  if (differing.length === 0) return [];
  return paragraph(
    `these are the services of ${first!.strategy}; others change some: ${differing.join(", ")}`,
    columns,
  );
}

/** What a service is before anything happens, to compare by. */
function standing({ replicasPerZone, variants, autoscaling }: ServicePlan): string {
  return JSON.stringify([replicasPerZone, variants[0], autoscaling]);
}

function hasCaches(plan: Plan): boolean {
  return plan.services.some(({ variants }) => variants.some(({ cache }) => cache !== undefined));
}

function chainLines(plan: Plan): string[] {
  const { longestChain, circles } = dependenciesOf(plan);
  const names = (services: readonly number[]): string =>
    services.map((service) => plan.services[service]!.name).join(" -> ");
  return [`longest: ${names(longestChain)}`, ...circles.map((circle) => `circle: ${names([...circle, circle[0]!])}`)];
}

function journeyLines(plan: Plan): string[] {
  return plan.journeys.map(({ name, service, operation, objective }) => {
    const start = plan.services[service]!;
    const within = objective.withinMs === null ? "" : ` within ${spanText(objective.withinMs)}`;
    const promise =
      objective.good === null
        ? within === ""
          ? "nothing promised"
          : `good${within}`
        : `${shareText(objective.good)} good${within}`;
    return `${name}: ${start.name}.${start.operations[operation]}, ${promise}`;
  });
}

function strategyLines(
  { plan, expectation }: Study["variants"][number],
  hashOf: (plan: Plan) => string,
  columns: number,
): string[] {
  const words = [
    ...(plan.rollout === null ? [] : [rolloutWords(plan)]),
    ...responseWords(plan),
    `expects ${expectation.expect}; plan ${hashOf(plan).slice(0, 12)}`,
  ];
  return [
    ...paragraph(plan.strategy ?? plan.scenario, columns),
    ...words.flatMap((line) => paragraph(line, columns, "    ")),
  ];
}

function gateLines(study: Study, columns: number): string[] {
  const rows = study.variants.flatMap(({ plan }) =>
    gateTraffic(plan).map(({ analysis, metric, share, windowMs, requests }) => [
      plan.strategy ?? plan.scenario,
      analysis,
      metric,
      percentText(share),
      spanText(windowMs),
      numberText(requests) + (requests < FEWEST_REQUESTS ? " (too few)" : ""),
    ]),
  );
  return rows.length === 0
    ? []
    : textTable(["strategy", "gate", "metric", "share", "window", "requests"], rows, 3, columns);
}
