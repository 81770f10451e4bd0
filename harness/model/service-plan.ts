// The compiled form of a service: what its instances are, do and call, per version.
import type { CachePlan } from "./cache-plan.ts";
import type { AutoscalingPlan } from "./autoscaling-plan.ts";
import type { CallPlan } from "./call-plan.ts";
import type { LoggingPlan } from "./logging-plan.ts";
import type { AdmissionPlan } from "./admission-plan.ts";
import type { Distribution } from "../core/distribution.ts";
import type { QueuePlan } from "./queue-plan.ts";
import type { LifePlan } from "./life-plan.ts";
import type { OperationPlan } from "./step-plan.ts";

export type { OperationPlan, StepPlan } from "./step-plan.ts";

/** One service of the fleet. `variants[0]` is the stable version; each version of the scenario that changes it adds one. */
export interface ServicePlan {
  readonly name: string;
  readonly team: string | null;
  /** Number of instances in each zone, by zone index; after scaling. */
  readonly replicasPerZone: readonly number[];
  /** The names of its operations; an operation is known by its index here, in every variant. */
  readonly operations: readonly string[];
  readonly variants: readonly VariantPlan[];
  /** Absent where nobody changes how many instances there are. */
  readonly autoscaling?: AutoscalingPlan;
}

/** One version of one service, complete: nothing is inherited at run time. */
export interface VariantPlan {
  /** `stable` for index 0, else the name of the version in the scenario. */
  readonly version: string;
  readonly pool: PoolPlan;
  readonly cpu: CpuPlan;
  /** Requests that an instance has a connection for, whatever it does about them; absent: for all. */
  readonly maxConnections?: number;
  /** Who is let in at all; absent: everybody. */
  readonly admission?: AdmissionPlan;
  /** What becomes of work whose caller gave up. */
  readonly onDeadline: OnDeadline;
  /** From start (or crash) to ready. Control time. */
  readonly startupMs: Distribution;
  /** How slow an instance is when it begins to serve; absent: it is not. */
  readonly warmUp?: WarmUpPlan;
  /** A stopping instance finishes what it holds for at most this long. Control time. Source: Kubernetes, 30 s. */
  readonly terminationGraceMs: number;
  /** By operation index; `null` where this version lacks the operation. */
  readonly operations: readonly (OperationPlan | null)[];
  readonly errors: readonly ErrorPlan[];
  /** What its instances remember of their answers; absent where they do not. */
  readonly cache?: CachePlan;
  /** What failures cost beside the requests; absent where nothing. */
  readonly logging?: LoggingPlan;
  /** The calls that its operations make, one entry per policy; a call step names its index. */
  readonly calls: readonly CallPlan[];
  /** Absent where its instances have no memory, no probes and no death of their own. */
  readonly life?: LifePlan;
}

export interface WarmUpPlan {
  /** From the first time that it is ready. Control time. */
  readonly forMs: number;
  /** Work takes so many times as long; at least 1. */
  readonly slowdown: number;
}

export type OnDeadline = "ignore" | "drop" | "cancel";

export interface PoolPlan {
  /** `threads` holds the worker during downstream calls; `async` gives it back. */
  readonly model: "threads" | "async";
  /** Workers per instance; Infinity is written as null in JSON, so `null` means unlimited. */
  readonly concurrency: number | null;
  /** Requests that may wait for a worker; null = unlimited. */
  readonly queueCapacity: number | null;
  /** Absent: first in, first out, and nobody waits too long. */
  readonly queue?: QueuePlan;
  /** CPU work that turning a request away costs; absent: nothing. */
  readonly rejectionMs?: Distribution;
}

export interface CpuPlan {
  /** Cores per instance; null = as many as there are workers. */
  readonly cores: number | null;
  /** `shared`: processor sharing over the cores; `fifo`: one job per core, in order. */
  readonly scheduling: "shared" | "fifo";
}

/** A share of this version's requests ends badly, after having done its work. */
export interface ErrorPlan {
  readonly share: number;
  /** `error` answers with `status`; `wrong` is a well-formed but false answer. */
  readonly cause: "error" | "wrong";
  readonly status: number;
  /** Operation index, or null for all. */
  readonly operation: number | null;
  readonly site: number;
}
