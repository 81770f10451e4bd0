// The compiled form of what is shipped, broken and answered: versions, timeline, rollouts, analysis, alerts, responses.

/** A version that can be shipped. */
export interface VersionPlan {
  readonly name: string;
  /** Service index and the index of its variant. */
  readonly service: number;
  readonly variant: number;
  /** Its `changes` are empty: it behaves like the stable version and acts only by arriving. */
  readonly isHarmless: boolean;
  /** Configuration or data: instances take it over without a start-up. Absent: code. */
  readonly isPush?: true;
  /** What an instance does when it arrives; absent: it goes on with it. */
  readonly onApply?: "crash";
}

/** Run time in milliseconds from the start of the warm-up; background events are also part of the control run. */
export type TimelineEventPlan =
  | { readonly do: "release"; readonly atMs: number; readonly version: number; readonly background: boolean }
  | {
      readonly do: "fault";
      readonly atMs: number;
      /** null = to the end of the run; instant faults (crash) ignore it. */
      readonly forMs: number | null;
      readonly background: boolean;
      readonly fault: FaultPlan;
      /** It grows from nothing to its full strength over this time; absent = full at once. */
      readonly rampMs?: number;
      /** It begins again this long after each beginning; absent = once. */
      readonly repeatMs?: number;
      /** From `atMs` on it begins when this is seen to hold; without `forMs` it is over when this is seen not to. */
      readonly when?: FaultConditionPlan;
    };

/** Holds while the metric keeps the limit, as far as monitoring has seen; where there is no data it stays as it was. */
export interface FaultConditionPlan {
  /** A full metric address. */
  readonly metric: string;
  readonly overMs: number;
  readonly limit: LimitPlan;
}

/** On the way to the callee, or on the way back. */
export type FaultDirection = "request" | "response";

/** Of the requests in the scope, as each instance (on a call: each calling instance) counts them from the fault's beginning. */
export type RequestScope = { readonly first: number } | { readonly every: number };

/** A fault as its kind plus its frozen attributes (which `faults/<kind>.ts` alone understands) and its scope. */
export interface FaultPlan {
  readonly kind: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly scope: FaultScope;
}

export interface FaultScope {
  readonly on:
    | { readonly type: "service"; readonly service: number; readonly operation: number | null }
    /** One instance: the n-th of its service, counted from 0 as the fleet was first started. */
    | { readonly type: "instance"; readonly service: number; readonly ordinal: number }
    /** The ways between one zone and the others, or everything in it. */
    | { readonly type: "zone"; readonly zone: number }
    /** Everybody of one load. */
    | { readonly type: "load"; readonly load: number }
    /** All calls of one caller to one callee: index into `Plan.edges`. */
    | { readonly type: "edge"; readonly edge: number; readonly operation: number | null };
  /** Variant index of the service it is on (of the callee, for an edge); null = all. */
  readonly variant: number | null;
  /** Zone index of the instance (of the calling instance, for an edge); null = all. */
  readonly zone: number | null;
  /** Share of requests, 0..1; 1 for instance-level faults. */
  readonly share: number;
  /** How many of the matching instances; null = all. Ratios round up. */
  readonly instances: { readonly count: number } | { readonly ratio: number } | null;
  readonly requests?: RequestScope;
  /** Only requests that carry all of these: bits of `Plan.headers`; absent = any. */
  readonly headers?: number;
  /** `share` is one of connections, of which one leads from each calling instance to each called one. */
  readonly perConnection?: true;
  /** Absent = as its words have it by themselves. */
  readonly direction?: FaultDirection;
}

/** One strategy's way of bringing a release to the fleet. */
export type RolloutPlan =
  | { readonly kind: "everywhere"; readonly overMs: number }
  | { readonly kind: "recreate" }
  | {
      readonly kind: "rollingUpdate";
      readonly maxSurge: Amount;
      readonly maxUnavailable: Amount;
      readonly minReadyMs: number;
    }
  /** `step` and `upTo` in percent (0..100) of the instances. */
  | { readonly kind: "linear"; readonly step: number; readonly everyMs: number; readonly upTo: number }
  | { readonly kind: "canary"; readonly steps: readonly CanaryStep[]; readonly scaleDownDelayMs: number }
  | {
      readonly kind: "staged";
      readonly by: "zone";
      /** Zone indices, each once. */
      readonly order: readonly number[];
      readonly bakeMs: number;
      /** Index into `Plan.analyses`, run during each bake, or null. */
      readonly analysis: number | null;
      readonly maxSurge: Amount;
      readonly maxUnavailable: Amount;
    };

/** Kubernetes' "int or percent": a ratio of the service's replicas (surge rounds up, unavailable rounds down) or a count. */
export type Amount = { readonly ratio: number } | { readonly count: number };

export type CanaryStep =
  | { readonly do: "weight"; readonly weight: number }
  | { readonly do: "pause"; readonly forMs: number }
  /** Waits until the new version has served so many requests since the step began. */
  | { readonly do: "pauseRequests"; readonly minRequests: number }
  /** Stops here for good. */
  | { readonly do: "hold" }
  | { readonly do: "analysis"; readonly analysis: number };

/** A gate: measurements of the new version, taken every interval. Source of the semantics: Argo Rollouts AnalysisTemplate. */
export interface AnalysisPlan {
  readonly name: string;
  readonly intervalMs: number;
  readonly count: number;
  /** Fails when more measurements than this failed. */
  readonly failureLimit: number;
  readonly initialDelayMs: number;
  readonly onNoData: "abort" | "pause" | "ignore";
  readonly metrics: readonly GateMetricPlan[];
}

export interface GateMetricPlan {
  /** A full metric address; short names were completed with the released service and `@new` by the compiler: see signals/address.ts. */
  readonly metric: string;
  /** How far back each measurement looks; the interval by default. */
  readonly overMs: number;
  readonly limit: LimitPlan;
}

export interface LimitPlan {
  readonly atLeast: number | null;
  readonly atMost: number | null;
  /** `120% of stable`: the limit is this ratio of the stable version's value; atLeast/atMost then hold the ratio. */
  readonly relativeToStable: boolean;
}

export interface AlertPlan {
  readonly name: string;
  /** Team to page, or null. */
  readonly pages: string | null;
  readonly condition:
    /** Multiwindow burn rate: both windows exceed `burnRate` × (1 − objective). Source: SRE Workbook ch. 5. */
    | {
        readonly type: "burnRate";
        readonly journey: number;
        readonly longMs: number;
        readonly shortMs: number;
        readonly burnRate: number;
      }
    /** Fires while the limit is broken over the window. */
    | { readonly type: "metric"; readonly metric: string; readonly overMs: number; readonly limit: LimitPlan };
}

export interface ResponsePlan {
  readonly when:
    | { readonly type: "at"; readonly atMs: number }
    | { readonly type: "analysis" }
    | { readonly type: "alert"; readonly alert: number };
  /** Team that does it by hand (page, acknowledge, diagnose); null = automatic. */
  readonly by: string | null;
  /** `rollback`, or the names of remedies of the plan. */
  readonly actions: readonly string[];
}

export interface TeamPlan {
  readonly name: string;
  readonly responders: number;
  /** Control time. */
  readonly acknowledgeMs: number;
  /** Control time. */
  readonly diagnoseMs: number;
}
