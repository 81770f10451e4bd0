// The Plan: everything that an engine needs to know about one run, frozen, complete and serialisable as JSON.
// Nothing after it reads YAML or fills a default. Same plan, same seed, `sim`: the same bytes.
import type { HeaderPlan } from "./header.ts";
import type { JourneyPlan, LoadPlan } from "./load-plan.ts";
import type {
  AlertPlan,
  AnalysisPlan,
  ResponsePlan,
  RolloutPlan,
  TeamPlan,
  TimelineEventPlan,
  VersionPlan,
} from "./release-plan.ts";
import type { RemedyPlan } from "./remedy-plan.ts";
import type { ServicePlan } from "./service-plan.ts";

export const PLAN_FORMAT = "firebreak.plan/1";

/** One run: one strategy of a scenario (or its control), at one seed, scale and compression. Entities are named by their index. */
export interface Plan {
  readonly format: typeof PLAN_FORMAT;
  readonly scenario: string;
  /** null where the scenario has no strategies. */
  readonly strategy: string | null;
  /** A control run: no trigger, no responses, only background events. */
  readonly isControl: boolean;
  readonly seed: number;
  /** Ratio already applied to replicas and arrival rates; 1 = the real size. */
  readonly scale: number;
  /** Factor by which every control duration was already divided; 1 = the real pace. */
  readonly compress: number;
  readonly warmUpMs: number;
  /** The whole run: warm-up plus duration. A whole number of buckets. */
  readonly endMs: number;
  readonly bucketMs: number;
  /** A closed bucket becomes visible to the control plane this long after its end. */
  readonly monitoringDelayMs: number;
  /** A change of endpoints or weights reaches callers this long after it was made. */
  readonly discoveryDelayMs: number;
  readonly zones: readonly string[];
  /** One-way network delay between zones: `networkMs[from][to]`. */
  readonly networkMs: readonly (readonly number[])[];
  readonly services: readonly ServicePlan[];
  readonly journeys: readonly JourneyPlan[];
  readonly loads: readonly LoadPlan[];
  /** What requests may carry, by its bit; absent where no load sends headers. */
  readonly headers?: readonly HeaderPlan[];
  /** Every pair of caller and callee that can occur, over all versions: the rows of `calls.<a -> b>`. */
  readonly edges: readonly EdgePlan[];
  readonly teams: readonly TeamPlan[];
  readonly versions: readonly VersionPlan[];
  /** Background events first, each part in order of time: so a fault has the same number in the control run. */
  readonly timeline: readonly TimelineEventPlan[];
  /** null in a control run and where nothing is released. */
  readonly rollout: RolloutPlan | null;
  readonly analyses: readonly AnalysisPlan[];
  readonly alerts: readonly AlertPlan[];
  readonly responses: readonly ResponsePlan[];
  /** What responses may do beside rolling back; absent where the scenario has none. */
  readonly remedies?: readonly RemedyPlan[];
}

/** `index` of the caller is a service index or a load index. */
export interface EdgePlan {
  readonly caller: { readonly type: "service" | "load"; readonly index: number };
  /** Service index. */
  readonly callee: number;
}

/** What is judged, and how: not part of the run, so it does not enter the plan's hash. */
export interface Expectation {
  /** The outcome that passes. */
  readonly expect: Outcome;
  readonly containment: Containment;
  readonly checks: readonly CheckPlan[];
}

export const OUTCOMES = [
  "measured",
  "invalid",
  "notExercised",
  "persisted",
  "unmitigated",
  "escaped",
  "contained",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Containment {
  /** Service indices that may be impacted; null = those that the trigger changes or hits. */
  readonly within: readonly number[] | null;
  /** Share of users that may be affected. */
  readonly users: number;
  /** Number of zones that may be impacted; null = any. */
  readonly zones: number | null;
  /** Already compressed. */
  readonly recoverWithinMs: number;
}

export interface CheckPlan {
  readonly claim: string | null;
  readonly metric: string;
  /** Run time (from the start of the warm-up), or null = from the end of the warm-up to the end. */
  readonly window: { readonly fromMs: number; readonly toMs: number } | null;
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

/** One variant of a scenario, ready to run and to judge. */
export interface Variant {
  readonly plan: Plan;
  /** The same without trigger and responses; equal plans share one control run. */
  readonly control: Plan;
  readonly expectation: Expectation;
}

/** What compiling a scenario file gives. */
export interface Study {
  readonly scenario: string;
  readonly about: string | null;
  readonly file: string;
  readonly variants: readonly Variant[];
  /** Share (0..1) of several seeds in which a variant must pass. */
  readonly seedsToPass: number;
  /** Chapters in run time, from the start of the warm-up. */
  readonly chapters: readonly { readonly atMs: number; readonly title: string; readonly notes: string | null }[];
  readonly facts: Readonly<Record<string, { readonly says: string; readonly source: string; readonly tag: string }>>;
}
