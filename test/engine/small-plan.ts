// A plan of one service for tests of the control plane; every test says what differs.
import type {
  AlertPlan,
  AnalysisPlan,
  ResponsePlan,
  RolloutPlan,
  TeamPlan,
  TimelineEventPlan,
} from "../../harness/model/release-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { PLAN_FORMAT } from "../../harness/model/plan.ts";
import type { RemedyPlan } from "../../harness/model/remedy-plan.ts";
import type { VariantPlan } from "../../harness/model/service-plan.ts";

export interface SmallPlanOptions {
  readonly replicasPerZone?: readonly number[];
  readonly startupMs?: number;
  readonly graceMs?: number;
  readonly discoveryDelayMs?: number;
  readonly monitoringDelayMs?: number;
  readonly rollout?: RolloutPlan | null;
  readonly timeline?: readonly TimelineEventPlan[];
  readonly analyses?: readonly AnalysisPlan[];
  readonly alerts?: readonly AlertPlan[];
  readonly responses?: readonly ResponsePlan[];
  readonly teams?: readonly TeamPlan[];
  readonly remedies?: readonly RemedyPlan[];
  readonly isHarmless?: boolean;
  readonly compress?: number;
  readonly endMs?: number;
}

/** Service `shop` (variants stable and v2), journey `buy` promised to 99 %, one load; v2 is version 0. */
export function smallPlan(options: SmallPlanOptions = {}): Plan {
  const replicasPerZone = options.replicasPerZone ?? [4];
  const variant = (version: string): VariantPlan => ({
    version,
    pool: { model: "threads", concurrency: null, queueCapacity: null },
    cpu: { cores: null, scheduling: "shared" },
    onDeadline: "ignore",
    startupMs: { kind: "constant", ms: options.startupMs ?? 5000 },
    terminationGraceMs: options.graceMs ?? 30_000,
    operations: [{ steps: [] }],
    errors: [],
    calls: [],
  });
  return {
    format: PLAN_FORMAT,
    scenario: "small",
    strategy: "s",
    isControl: false,
    seed: 7,
    scale: 1,
    compress: options.compress ?? 1,
    warmUpMs: 0,
    endMs: options.endMs ?? 600_000,
    bucketMs: 1000,
    monitoringDelayMs: options.monitoringDelayMs ?? 1000,
    discoveryDelayMs: options.discoveryDelayMs ?? 1000,
    zones: replicasPerZone.map((_, index) => `z${index}`),
    networkMs: replicasPerZone.map(() => replicasPerZone.map(() => 0)),
    services: [
      { name: "shop", team: null, replicasPerZone, operations: ["buy"], variants: [variant("stable"), variant("v2")] },
    ],
    journeys: [{ name: "buy", service: 0, operation: 0, objective: { good: 0.99, withinMs: null } }],
    loads: [
      {
        name: "users",
        arrivals: "poisson",
        rate: [{ atMs: 0, ratePerSecond: 100 }],
        zone: null,
        users: null,
        mix: [{ journey: 0, share: 1 }],
        calls: [],
        callOfJourney: [0],
        payload: "none",
      },
    ],
    edges: [{ caller: { type: "load", index: 0 }, callee: 0 }],
    teams: options.teams ?? [],
    versions: [{ name: "v2", service: 0, variant: 1, isHarmless: options.isHarmless ?? false }],
    timeline: options.timeline ?? [{ do: "release", atMs: 10_000, version: 0, background: false }],
    rollout: options.rollout ?? null,
    analyses: options.analyses ?? [],
    alerts: options.alerts ?? [],
    responses: options.responses ?? [],
    ...(options.remedies === undefined ? {} : { remedies: options.remedies }),
  };
}
