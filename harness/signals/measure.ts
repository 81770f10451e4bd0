// What a measure is, and how those are made that are spelled alike: requests, outcomes, latencies; counts, shares and
// averages of columns.
import { CAUSES, ERROR } from "../model/outcome.ts";

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
export function outcomes(table: Part["table"], first: number, what: string): MeasureTable {
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

export function requests(part: Part, what: string): MeasureTable {
  return {
    requests: { unit: "count", about: what, formula: { type: "count", top: part } },
    requestsPerSecond: {
      unit: "perSecond",
      about: `${what}, per second`,
      formula: { type: "perSecond", top: part },
    },
  };
}

export function latencies(table: Part["table"], column: number, whose: string): MeasureTable {
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

export function count(table: Part["table"], columns: readonly number[], about: string): Measure {
  return { unit: "count", about, formula: { type: "count", top: { table, columns } } };
}

export function ratio(table: Part["table"], top: number, bottom: number, about: string, unit: Unit = "ratio"): Measure {
  const part = (column: number): Part => ({ table, columns: [column] });
  return { unit, about, formula: { type: "share", top: part(top), bottom: part(bottom) } };
}

export function overTime(column: number, about: string): Measure {
  return {
    unit: "number",
    about,
    formula: { type: "overTime", top: { table: "services", columns: [column] } },
  };
}
