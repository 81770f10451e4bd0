// The events of a run: what the control plane decided and what befell the fleet. Times are run time in
// milliseconds from the start of the warm-up.

export type RunEvent = { readonly atMs: number } &
  /** A timeline event took effect / its scheduled end came. `timeline` is its index in the Plan. */
  (
    | { readonly kind: "timeline"; readonly timeline: number; readonly state: "begin" | "end" }
    /** The trigger as a whole: first start, last gone (design: verdict, "Trigger"). */
    | { readonly kind: "trigger"; readonly state: "began" | "gone" | "returned" }
    | {
        readonly kind: "rollout";
        readonly version: string;
        readonly phase:
          | "progressing"
          | "baking"
          | "paused"
          | "held"
          | "promoting"
          | "succeeded"
          | "rollingBack"
          | "rolledBack"
          | "stopped";
        readonly detail: string;
      }
    /** Share of traffic (0..100) that callers send to `version` of `service` from now on. */
    | { readonly kind: "weight"; readonly service: string; readonly version: string; readonly weight: number }
    | {
        readonly kind: "measurement";
        readonly analysis: string;
        readonly metric: string;
        readonly value: number | null;
        readonly limit: string;
        readonly result: "passed" | "failed" | "noData";
      }
    | { readonly kind: "gate"; readonly analysis: string; readonly result: "passed" | "failed" | "inconclusive" }
    | {
        readonly kind: "alert";
        readonly alert: string;
        readonly state: "firing" | "resolved";
        readonly value: number | null;
      }
    | {
        readonly kind: "page";
        readonly team: string;
        readonly cause: string;
        readonly state: "waiting" | "acknowledged" | "diagnosed";
      }
    /** A response acted: `rollback`, or the name of a remedy. `by` is the team, or null where it was automatic. */
    | { readonly kind: "action"; readonly action: string; readonly by: string | null; readonly cause: string }
    | {
        readonly kind: "instance";
        readonly instance: string;
        readonly service: string;
        readonly version: string;
        readonly zone: string;
        readonly state:
          | "starting"
          | "ready"
          | "stopping"
          | "unready"
          | "unhealthy"
          | "stopped"
          | "crashed"
          | "backingOff"
          | "paused"
          | "resumed";
      }
    /** An autoscaler wants another number of instances; `value` is what it saw of its metric. */
    | {
        readonly kind: "scaling";
        readonly service: string;
        readonly from: number;
        readonly to: number;
        readonly metric: string;
        readonly value: number | null;
      }
    /** Callers of this edge begin to leave endpoints out, or the last of those is back; `share` of the endpoints in the bucket. */
    | { readonly kind: "ejection"; readonly calls: string; readonly state: "begun" | "over"; readonly share: number }
    /** Of the live engine: something that makes the run less trustworthy. */
    | { readonly kind: "warning"; readonly code: string; readonly message: string }
  );

export type RunEventKind = RunEvent["kind"];
