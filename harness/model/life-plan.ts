// The compiled form of what an instance lives and dies by: memory, crashes of its own, how it is started again, probes.
import type { Distribution } from "../core/distribution.ts";
import type { OperationPlan } from "./step-plan.ts";

/** Part of a version only where the language asks for any of it; a service without one never dies by itself. */
export interface LifePlan {
  readonly memory: MemoryPlan | null;
  readonly crash: CrashPlan;
  readonly restart: RestartPlan;
  /** What an instance does after its start-up time and before it serves; it crashes where that fails. */
  readonly startupWork: OperationPlan | null;
  readonly probes: {
    readonly startup: ProbePlan | null;
    readonly readiness: ProbePlan | null;
    readonly liveness: ProbePlan | null;
  };
  /** It never says that it is ready. */
  readonly failReadiness: boolean;
}

/** Kubernetes' probe, names and semantics; its steps are what answering it takes. Times are control time unless they say so. */
export interface ProbePlan extends OperationPlan {
  readonly initialDelayMs: number;
  readonly periodMs: number;
  /** Request time. */
  readonly timeoutMs: number;
  readonly failureThreshold: number;
  readonly successThreshold: number;
  /** It needs no worker. */
  readonly isApart: boolean;
}

/** In bytes. What is in use: base + perRequest × requests held + leak × time since the start. */
export interface MemoryPlan {
  /** More than this kills the instance. */
  readonly limitBytes: number;
  readonly baseBytes: number;
  readonly perRequestBytes: number;
  readonly leakBytesPerMs: number;
  /** Absent where memory is given back as soon as it is not in use. */
  readonly garbageCollection?: GarbageCollectionPlan;
}

/** What requests leave behind is in the way until it is collected, and nothing else happens meanwhile. */
export interface GarbageCollectionPlan {
  readonly garbagePerRequestBytes: number;
  /** Time of a collection for each GiB in use as it begins. Request time. */
  readonly pausePerGibMs: Distribution;
}

/** How a version kills its own process. */
export interface CrashPlan {
  /** After its start; control time. null = never. */
  readonly afterMs: Distribution | null;
  /** Operation index: a request for it kills the instance that begins it. null = none. */
  readonly onOperation: number | null;
  /** It ends at the end of its start-up, every time. */
  readonly onStart: boolean;
}

/** The wait between a death and the next start. Control time. */
export interface RestartPlan {
  /** null: at once, however often. */
  readonly backoff: RestartBackoffPlan | null;
}

/** Kubernetes' crash loop: at once after the first death, then `initialMs`, doubled up to `maxMs`. */
export interface RestartBackoffPlan {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly multiplier: number;
  /** One that lived longer than this since its last start begins anew. */
  readonly resetAfterMs: number;
  /** Kubernetes has none; the others spread instances that died together. */
  readonly jitter: "none" | "full" | "equal";
}
