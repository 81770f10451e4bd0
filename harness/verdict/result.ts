// The result of judging: what `--reporter json` prints (format firebreak.result/1) and every report reads.
// Times are milliseconds from the end of the warm-up.
import type { Outcome } from "../model/plan.ts";

export const RESULT_FORMAT = "firebreak.result/1";

export interface Result {
  readonly format: typeof RESULT_FORMAT;
  readonly scenario: string;
  readonly engine: "sim" | "live";
  readonly seed: number;
  /** Every seed that was judged, `seed` first. */
  readonly seeds: readonly number[];
  readonly planHash: string;
  readonly passed: boolean;
  /** Checks of a measurement without strategies. */
  readonly checks: readonly CheckResult[];
  /** The shared control run (the run itself for a measurement); null in live without `--control`. */
  readonly control: Tables | null;
  readonly variants: readonly VariantResult[];
  /** Things the reader must know: nothing distinguishes the strategies, the generator fell behind, distorted by scale, … */
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

export interface VariantResult {
  readonly strategy: string | null;
  /** What was rehearsed, in words: the timeline events that are not background. */
  readonly trigger: readonly string[];
  readonly outcome: Outcome;
  readonly expected: Outcome;
  readonly passed: boolean;
  /** One sentence: why this outcome. */
  readonly reason: string;
  readonly seeds: {
    readonly runs: number;
    readonly outcomes: Partial<Record<Outcome, number>>;
    /** 95 % interval of the share of seeds with the expected outcome; null for one seed. */
    readonly interval: readonly [number, number] | null;
    /** The seed that everything else here tells of: the first one with this outcome. */
    readonly told: number;
    /** Seeds in which the variant did not pass: another outcome, or a check that did not hold. */
    readonly notPassed: readonly number[];
  };
  readonly facts: {
    readonly triggerGone: boolean;
    readonly recovered: boolean;
    readonly escaped: boolean;
    readonly spuriousRollback: boolean;
  };
  readonly blastRadius: {
    readonly services: readonly string[];
    readonly journeys: readonly string[];
    readonly zones: readonly string[];
    readonly usersAffected: number;
    readonly requestsLost: number;
    readonly budgetMinutes: number;
  };
  readonly propagation: readonly {
    readonly service: string;
    readonly atMs: number;
    readonly via: string | null;
    readonly cause: string;
  }[];
  /** Journeys in order of first impact. */
  readonly journeysHit: readonly { readonly journey: string; readonly atMs: number; readonly worst: number }[];
  /** Origins of bad journey requests, most first. */
  readonly origins: readonly { readonly service: string; readonly cause: string; readonly requests: number }[];
  readonly timesMs: {
    readonly toDetect: number | null;
    readonly toMitigate: number | null;
    readonly toRecover: number | null;
  };
  readonly exposure: number;
  /** By edge name `caller -> callee`, and by load name. */
  readonly amplification: Readonly<Record<string, number>>;
  /** `badBefore`, `badAfter`: worst bad ratio of any journey in the 10 s before, and in the window after. */
  readonly actions: readonly {
    readonly atMs: number;
    readonly do: string;
    readonly by: string | null;
    readonly cause: string;
    readonly badBefore: number;
    readonly badAfter: number;
  }[];
  /** The run's story in order: rollout phases, weights, gates, alerts, pages, actions, faults. */
  readonly rollout: readonly { readonly atMs: number; readonly event: string }[];
  readonly checks: readonly CheckResult[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** This variant's own control where it is not the shared one; else null. */
  readonly control: Tables | null;
  readonly journeys: Readonly<Record<string, JourneyTable>>;
  readonly services: Readonly<Record<string, ServiceTable>>;
  readonly zones: Readonly<Record<string, ZoneTable>>;
  readonly calls: Readonly<Record<string, CallTable>>;
  readonly load: Readonly<Record<string, LoadTable>>;
}

export interface CheckResult {
  readonly claim: string | null;
  readonly metric: string;
  readonly passed: boolean;
  readonly observed: number | null;
  readonly limit: { readonly atLeast?: number; readonly atMost?: number };
}

/** Measured from the end of the warm-up to the end of the run. */
export interface Tables {
  readonly journeys: Readonly<Record<string, JourneyTable>>;
  readonly services: Readonly<Record<string, ServiceTable>>;
  readonly zones: Readonly<Record<string, ZoneTable>>;
  readonly calls: Readonly<Record<string, CallTable>>;
  readonly load: Readonly<Record<string, LoadTable>>;
}

export interface LatencyTable {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** By cause name, only those that occurred. */
export type BadTable = Readonly<Record<string, number>>;

export interface JourneyTable {
  readonly requests: number;
  readonly availability: number;
  readonly bad: BadTable;
  readonly degraded: number;
  readonly latencyMs: LatencyTable | null;
}

export interface ServiceTable extends JourneyTable {
  readonly rejected: number;
  readonly utilization: { readonly workers: number | null; readonly cpu: number | null };
  /** Time averages, so that Little's law can be checked from outside. */
  readonly meanInSystem: number;
  readonly meanQueue: number;
  /** Attempts made by all callers. */
  readonly attempts: number;
  readonly crashes: number;
}

export interface ZoneTable {
  readonly requests: number;
  readonly availability: number;
  readonly bad: BadTable;
}

export interface CallTable {
  readonly calls: number;
  readonly attempts: number;
  readonly amplification: number;
  readonly availability: number;
  readonly bad: BadTable;
  readonly latencyMs: LatencyTable | null;
}

export interface LoadTable {
  readonly requests: number;
  readonly ratePerSecond: number;
  readonly amplification: number;
}
