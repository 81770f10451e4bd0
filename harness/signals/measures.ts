// The closed list of what can be asked about a run: for each family of addresses its names, units and meaning.
// One name means the same in gates, alerts, checks and in the tables of the JSON result.
import { CAUSES, ERROR, OVERLOAD, RATE_LIMIT, SHED } from "../model/outcome.ts";
import { EDGE, JOURNEY, SERVICE } from "./columns.ts";

export type Family = "journeys" | "services" | "zones" | "calls" | "load";

/** Ratios are 0..1; `number` is a time average of how many there are; counts grow with the window. */
export type Unit = "ratio" | "count" | "perSecond" | "number" | "ms" | "factor";

/** A sum over columns of one table of the bucket; `observations` counts the entries of its latency histogram. */
export interface Part {
  readonly table: "services" | "edges" | "journeys";
  readonly columns: readonly number[] | "observations";
  /** Rows of any version, whatever version the address names. */
  readonly anyVersion?: boolean;
}

export type Formula =
  /** top ÷ bottom; no data where bottom is 0. */
  | { readonly type: "share"; readonly top: Part; readonly bottom: Part }
  | { readonly type: "count"; readonly top: Part }
  | { readonly type: "perSecond"; readonly top: Part }
  /** An integral over time ÷ the length of the window. */
  | { readonly type: "overTime"; readonly top: Part }
  /** Of the latency histogram; `quantile` 1 is the maximum. */
  | { readonly type: "quantile"; readonly quantile: number; readonly table: Part["table"] };

export interface Measure {
  readonly unit: Unit;
  readonly about: string;
  readonly formula: Formula;
}

/** By name, in the order of the documentation. `versions.<v>` of a service is completed in address.ts. */
export type MeasureTable = Readonly<Record<string, Measure>>;

const BAD_CAUSES = CAUSES.map((_, cause) => cause).filter((cause) => cause >= ERROR);

/** Everything that can be asked of requests that end with an outcome. */
function outcomes(table: Part["table"], first: number, what: string): MeasureTable {
  const ended: Part = { table, columns: CAUSES.map((_, cause) => first + cause) };
  const good: Part = { table, columns: [first] };
  const bad: Part = { table, columns: BAD_CAUSES.map((cause) => first + cause) };
  const byCause = BAD_CAUSES.flatMap((cause): [string, Measure][] => {
    const top: Part = { table, columns: [first + cause] };
    const name = CAUSES[cause]!;
    return [
      [
        `bad.${name}`,
        {
          unit: "count",
          about: `${what} that ended with \`${name}\``,
          formula: { type: "count", top },
        },
      ],
      [
        `badShare.${name}`,
        {
          unit: "ratio",
          about: `share of ${what} that ended with \`${name}\``,
          formula: { type: "share", top, bottom: ended },
        },
      ],
    ];
  });
  return {
    availability: {
      unit: "ratio",
      about: `good ÷ all ${what} that ended`,
      formula: { type: "share", top: good, bottom: ended },
    },
    bad: {
      unit: "ratio",
      about: `bad ÷ all ${what} that ended`,
      formula: { type: "share", top: bad, bottom: ended },
    },
    goodput: {
      unit: "perSecond",
      about: `good ${what} per second`,
      formula: { type: "perSecond", top: good },
    },
    ...Object.fromEntries(byCause),
  };
}

function requests(part: Part, what: string): MeasureTable {
  return {
    requests: { unit: "count", about: what, formula: { type: "count", top: part } },
    requestsPerSecond: {
      unit: "perSecond",
      about: `${what}, per second`,
      formula: { type: "perSecond", top: part },
    },
  };
}

function latencies(table: Part["table"], column: number, whose: string): MeasureTable {
  const quantile = (of: number, name: string): Measure => ({
    unit: "ms",
    about: `${name} of the latency of ${whose}, within 0.8 %`,
    formula: { type: "quantile", quantile: of, table },
  });
  return {
    "latencyMs.mean": {
      unit: "ms",
      about: `mean latency of ${whose}`,
      formula: {
        type: "share",
        top: { table, columns: [column] },
        bottom: { table, columns: "observations" },
      },
    },
    "latencyMs.p50": quantile(0.5, "median"),
    "latencyMs.p90": quantile(0.9, "90th percentile"),
    "latencyMs.p99": quantile(0.99, "99th percentile"),
    "latencyMs.p999": quantile(0.999, "99.9th percentile"),
    "latencyMs.max": quantile(1, "maximum"),
  };
}

function count(table: Part["table"], columns: readonly number[], about: string): Measure {
  return { unit: "count", about, formula: { type: "count", top: { table, columns } } };
}

function ratio(table: Part["table"], top: number, bottom: number, about: string, unit: Unit = "ratio"): Measure {
  const part = (column: number): Part => ({ table, columns: [column] });
  return { unit, about, formula: { type: "share", top: part(top), bottom: part(bottom) } };
}

function overTime(column: number, about: string): Measure {
  return {
    unit: "number",
    about,
    formula: { type: "overTime", top: { table: "services", columns: [column] } },
  };
}

export const MEASURES: Readonly<Record<Family, MeasureTable>> = {
  journeys: {
    ...requests({ table: "journeys", columns: [JOURNEY.ended] }, "requests of users that ended"),
    ...outcomes("journeys", JOURNEY.outcome, "requests of users"),
    degraded: count("journeys", [JOURNEY.degraded], "good requests whose answer lacked an optional part"),
    degradedShare: ratio(
      "journeys",
      JOURNEY.degraded,
      JOURNEY.ended,
      "share of requests whose answer lacked an optional part",
    ),
    ...latencies("journeys", JOURNEY.latencyMs, "completed requests, from the intended send time"),
  },
  services: {
    ...requests({ table: "services", columns: [SERVICE.ended] }, "requests that ended here"),
    ...outcomes("services", SERVICE.outcome, "requests"),
    degraded: count("services", [SERVICE.degraded], "good requests whose answer lacked an optional part"),
    degradedShare: ratio(
      "services",
      SERVICE.degraded,
      SERVICE.ended,
      "share of requests whose answer lacked an optional part",
    ),
    ...latencies("services", SERVICE.latencyMs, "completed requests, at the server"),
    rejected: count(
      "services",
      [OVERLOAD, RATE_LIMIT, SHED].map((cause) => SERVICE.outcome + cause),
      "requests refused for want of room: overload, rate limit, shed",
    ),
    abandoned: count("services", [SERVICE.abandoned], "requests that their callers gave up"),
    wasted: count("services", [SERVICE.wasted], "requests completed although their caller had given up"),
    "utilization.workers": ratio(
      "services",
      SERVICE.busyMs,
      SERVICE.workersMs,
      "workers held ÷ workers; no data where unlimited",
    ),
    "utilization.cpu": ratio(
      "services",
      SERVICE.cpuMs,
      SERVICE.coresMs,
      "cores in use ÷ cores; no data where unlimited",
    ),
    "utilization.memory": ratio(
      "services",
      SERVICE.memoryMs,
      SERVICE.memoryLimitMs,
      "memory in use ÷ its limit; no data where it has none",
    ),
    queue: overTime(SERVICE.queuedMs, "requests waiting for a worker, in the whole service"),
    meanQueue: overTime(SERVICE.queuedMs, "the same as `queue`, as the result names it"),
    inSystem: overTime(SERVICE.inSystemMs, "requests queued, worked on or waiting for callees, in the whole service"),
    meanInSystem: overTime(SERVICE.inSystemMs, "the same as `inSystem`, as the result names it"),
    concurrencyLimit: ratio(
      "services",
      SERVICE.limitMs,
      SERVICE.limitedMs,
      "requests that an instance lets in at once, on average; no data without a limit",
      "number",
    ),
    instancesReady: overTime(SERVICE.readyMs, "instances ready"),
    crashes: count("services", [SERVICE.crashes], "crashes of instances"),
    outOfMemory: count("services", [SERVICE.outOfMemory], "crashes for want of memory"),
    attempts: count("edges", [EDGE.attempts], "attempts made by all callers, whatever the version"),
    amplification: ratio(
      "edges",
      EDGE.attempts,
      EDGE.calls,
      "attempts ÷ requests first sent, by all callers",
      "factor",
    ),
  },
  zones: {
    ...requests({ table: "services", columns: [SERVICE.ended] }, "requests that ended in the zone, at any service"),
    ...outcomes("services", SERVICE.outcome, "requests served in the zone"),
    instancesReady: overTime(SERVICE.readyMs, "instances ready in the zone"),
    crashes: count("services", [SERVICE.crashes], "crashes of instances in the zone"),
  },
  calls: {
    calls: count("edges", [EDGE.calls], "calls begun: requests first sent"),
    ...outcomes("edges", EDGE.call, "calls, retries included"),
    attempts: count("edges", [EDGE.attempts], "attempts begun"),
    amplification: ratio("edges", EDGE.attempts, EDGE.calls, "attempts ÷ requests first sent", "factor"),
    retriesDenied: count("edges", [EDGE.retriesDenied], "retries that a budget forbade"),
    breakersOpen: ratio(
      "edges",
      EDGE.breakerOpenMs,
      EDGE.breakersMs,
      "share of the callers' circuit breakers that are not closed",
    ),
    ...latencies("edges", EDGE.latencyMs, "answered attempts, at the caller"),
  },
  load: {
    ...requests({ table: "journeys", columns: [JOURNEY.sent] }, "requests sent"),
    ratePerSecond: {
      unit: "perSecond",
      about: "requests sent per second",
      formula: { type: "perSecond", top: { table: "journeys", columns: [JOURNEY.sent] } },
    },
    connected: {
      unit: "number",
      about: "clients with a session",
      formula: { type: "overTime", top: { table: "journeys", columns: [JOURNEY.connectedMs] } },
    },
    connectedShare: ratio(
      "journeys",
      JOURNEY.connectedMs,
      JOURNEY.clientsMs,
      "clients with a session ÷ all; no data without sessions",
    ),
    amplification: {
      unit: "factor",
      about: "attempts ÷ requests sent",
      formula: {
        type: "share",
        top: { table: "edges", columns: [EDGE.attempts] },
        bottom: { table: "journeys", columns: [JOURNEY.sent] },
      },
    },
  },
};

/** `versions.<v>` of a service: the share of its ready instances that run version v (the address then names v). */
export const VERSION_SHARE: Measure = {
  unit: "ratio",
  about: "share of the ready instances that run version v",
  formula: {
    type: "share",
    top: { table: "services", columns: [SERVICE.readyMs] },
    bottom: { table: "services", columns: [SERVICE.readyMs], anyVersion: true },
  },
};

/** Every address pattern with unit and meaning: the source of the documentation. */
export function addressesOf(): {
  readonly address: string;
  readonly unit: Unit;
  readonly about: string;
}[] {
  const entity: Record<Family, string> = {
    journeys: "<journey>",
    services: "<service>[@<version>]",
    zones: "<zone>",
    calls: "<caller -> callee>",
    load: "<load>",
  };
  return (Object.keys(MEASURES) as Family[]).flatMap((family) => {
    const rows = Object.entries(MEASURES[family]).map(([name, { unit, about }]) => ({
      address: `${family}.${entity[family]}.${name}`,
      unit,
      about,
    }));
    if (family === "services") {
      rows.push({
        address: "services.<service>.versions.<version>",
        unit: VERSION_SHARE.unit,
        about: VERSION_SHARE.about,
      });
    }
    return rows;
  });
}
