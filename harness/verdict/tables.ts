// The tables of the result, from the end of the warm-up to the end of the run. Time averages and latencies are
// measured independently, so that Little's law (mean in system = rate × mean latency) can be checked from outside.
import { CAUSES, OK, OVERLOAD, RATE_LIMIT, SHED } from "../model/outcome.ts";
import { edgeName } from "../signals/address.ts";
import { EDGE, EDGE_WIDTH, JOURNEY, JOURNEY_WIDTH, SERVICE, SERVICE_WIDTH } from "../signals/columns.ts";
import type { Observation } from "./observation.ts";
import type {
  BadTable,
  CallTable,
  JourneyTable,
  LatencyTable,
  LoadTable,
  ServiceTable,
  Tables,
  ZoneTable,
} from "./result.ts";
import type { LatencyTotal } from "./totals.ts";
import { columnSum, outcomeSums } from "./totals.ts";

export function tablesOf(observation: Observation): Tables {
  const { plan } = observation;
  return {
    journeys: table(plan.journeys.map(({ name }, index) => [name, journeyTable(index, observation)])),
    services: table(plan.services.map(({ name }, index) => [name, serviceTable(index, observation)])),
    zones: table(plan.zones.map((name, index) => [name, zoneTable(index, observation)])),
    calls: table(plan.edges.map((edge, index) => [edgeName(edge, plan), callTable(index, observation)])),
    load: table(plan.loads.map(({ name }, index) => [name, loadTable(index, observation)])),
  };
}

function table<T>(entries: [string, T][]): Record<string, T> {
  return Object.fromEntries(entries);
}

function journeyTable(journey: number, { layout, totals }: Observation): JourneyTable {
  const rows = layout.journeyRows.flatMap((row, index) => (row.journey === journey ? [index] : []));
  const sum = (column: number): number => columnSum(totals.journeys, JOURNEY_WIDTH, rows, column);
  return {
    requests: sum(JOURNEY.ended),
    ...outcomes(outcomeSums(totals.journeys, JOURNEY_WIDTH, rows, JOURNEY.outcome)),
    degraded: sum(JOURNEY.degraded),
    latencyMs: latencyTable(totals.journeyLatency[journey] ?? null, sum(JOURNEY.latencyMs)),
  };
}

function serviceTable(service: number, { plan, layout, totals, measuredMs }: Observation): ServiceTable {
  const rows = layout.serviceRow[service]!.flat();
  const sum = (column: number): number => columnSum(totals.services, SERVICE_WIDTH, rows, column);
  const callers = plan.edges.flatMap(({ callee }, index) => (callee === service ? [index] : []));
  const share = (used: number, there: number): number | null => (there > 0 ? used / there : null);
  return {
    requests: sum(SERVICE.ended),
    ...outcomes(outcomeSums(totals.services, SERVICE_WIDTH, rows, SERVICE.outcome)),
    degraded: sum(SERVICE.degraded),
    latencyMs: latencyTable(totals.serviceLatency[service] ?? null, sum(SERVICE.latencyMs)),
    rejected: [OVERLOAD, RATE_LIMIT, SHED].reduce((total, cause) => total + sum(SERVICE.outcome + cause), 0),
    utilization: {
      workers: share(sum(SERVICE.busyMs), sum(SERVICE.workersMs)),
      cpu: share(sum(SERVICE.cpuMs), sum(SERVICE.coresMs)),
    },
    meanInSystem: measuredMs > 0 ? sum(SERVICE.inSystemMs) / measuredMs : 0,
    meanQueue: measuredMs > 0 ? sum(SERVICE.queuedMs) / measuredMs : 0,
    attempts: columnSum(totals.edges, EDGE_WIDTH, callers, EDGE.attempts),
    crashes: sum(SERVICE.crashes),
  };
}

function zoneTable(zone: number, { layout, totals }: Observation): ZoneTable {
  const rows = layout.serviceRows.flatMap((row, index) => (row.zone === zone ? [index] : []));
  return {
    requests: columnSum(totals.services, SERVICE_WIDTH, rows, SERVICE.ended),
    ...outcomes(outcomeSums(totals.services, SERVICE_WIDTH, rows, SERVICE.outcome)),
  };
}

function callTable(edge: number, { totals }: Observation): CallTable {
  const sum = (column: number): number => totals.edges[edge * EDGE_WIDTH + column]!;
  return {
    calls: sum(EDGE.calls),
    attempts: sum(EDGE.attempts),
    amplification: sum(EDGE.calls) > 0 ? sum(EDGE.attempts) / sum(EDGE.calls) : 1,
    ...outcomes(outcomeSums(totals.edges, EDGE_WIDTH, [edge], EDGE.call)),
    latencyMs: latencyTable(totals.edgeLatency[edge] ?? null, sum(EDGE.latencyMs)),
  };
}

function loadTable(load: number, { plan, layout, totals, measuredMs }: Observation): LoadTable {
  const rows = layout.journeyRows.flatMap((row, index) => (row.load === load ? [index] : []));
  const edges = plan.edges.flatMap(({ caller }, index) =>
    caller.type === "load" && caller.index === load ? [index] : [],
  );
  const requests = columnSum(totals.journeys, JOURNEY_WIDTH, rows, JOURNEY.sent);
  return {
    requests,
    ratePerSecond: measuredMs > 0 ? (requests * 1000) / measuredMs : 0,
    amplification: requests > 0 ? columnSum(totals.edges, EDGE_WIDTH, edges, EDGE.attempts) / requests : 1,
  };
}

/** Where nothing ended, nothing failed: availability 1. */
function outcomes(counts: readonly number[]): { readonly availability: number; readonly bad: BadTable } {
  const ended = counts.reduce((sum, count) => sum + count, 0);
  const bad = counts.flatMap((count, cause): [string, number][] =>
    cause !== OK && count > 0 ? [[CAUSES[cause]!, count]] : [],
  );
  return { availability: ended > 0 ? counts[OK]! / ended : 1, bad: Object.fromEntries(bad) };
}

function latencyTable(latency: LatencyTotal | null, sumMs: number): LatencyTable | null {
  if (latency === null) return null;
  const { observations, ...quantiles } = latency;
  return { mean: sumMs / observations, ...quantiles };
}
