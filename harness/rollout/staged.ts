// Zone by zone: a rolling update inside each zone, then a bake in which its gate may stop everything.
//
//   zone 1: rolling ─► baking ─► zone 2: rolling ─► baking ─► … ─► succeeded
//                        └─ gate failed: held      gate inconclusive: paused for good
import * as z from "zod";
import type { RolloutPlan } from "../model/release-plan.ts";
import { duration } from "../schema/duration.ts";
import { refuseLater } from "../schema/later.ts";
import { name } from "../schema/name.ts";
import type { FleetView, InstanceView } from "./fleet-view.ts";
import { consistsOf, sum } from "./fleet-view.ts";
import type { Moves } from "./replacement.ts";
import { resolveLimits, rollingAmounts } from "./rolling-limits.ts";
import { moveByRolling } from "./rolling-update.ts";
import type { GateResult, Release, RolloutAction, RolloutMachine } from "./rollout-machine.ts";
import { isRollingBack } from "./rollout-machine.ts";
import { strategy } from "./strategy.ts";

export const staged = strategy({
  kind: "staged",
  about: "One zone after the other, each by a rolling update and followed by a bake, with a gate where there is one.",
  attributes: {
    by: z
      .enum(["zone", "cell", "ring"])
      .superRefine((by, context) => {
        if (by !== "zone") refuseLater(context, `stages by ${by}`);
      })
      .prefault("zone")
      .describe("What a stage is."),
    order: z
      .array(name())
      .min(1)
      .superRefine((order, context) => {
        order.forEach((zone, index) => {
          if (order.indexOf(zone) === index) return;
          const params = { code: "bad-value", hint: "name each zone once" };
          context.addIssue({ code: "custom", path: [index], message: `the zone \`${zone}\` is listed twice`, params });
        });
      })
      .optional()
      .describe("Every zone that has instances, in the order of the release; as the topology lists them by default."),
    bake: duration("control").prefault("0s").describe("How long each stage is watched before the next begins."),
    analysis: name().optional().describe("The gate that runs during each bake."),
    ...rollingAmounts,
  },
  compile: ({ order, bake, analysis, maxSurge, maxUnavailable }, names) => ({
    kind: "staged",
    by: "zone",
    order: (order ?? names.zones).map((zone, index) => names.zone(zone, ["order", index])),
    bakeMs: bake,
    analysis: analysis === undefined ? null : names.analysis(analysis, ["analysis"]),
    maxSurge,
    maxUnavailable,
  }),
  machine: (plan, release) => new Staged(plan, release),
});

type StagedPlan = Extract<RolloutPlan, { kind: "staged" }>;

/** `stage` indexes the order of zones. */
type State =
  | { readonly phase: "progressing"; readonly detail: string; readonly stage: number }
  | {
      readonly phase: "baking";
      readonly detail: string;
      readonly stage: number;
      readonly untilMs: number;
      readonly analysis: number | null;
    }
  | { readonly phase: "paused"; readonly detail: string; readonly isForGood: true }
  | { readonly phase: "held"; readonly detail: string }
  | { readonly phase: "succeeded"; readonly detail: string }
  | { readonly phase: "rollingBack"; readonly detail: string }
  | { readonly phase: "rolledBack"; readonly detail: string };

class Staged implements RolloutMachine {
  readonly #plan: StagedPlan;
  readonly #release: Release;
  /** Zones that have instances at all, in order: those without are no stage. */
  readonly #order: readonly number[];
  #state: State;
  #wakeMs = -Infinity;

  constructor(plan: StagedPlan, release: Release) {
    this.#plan = plan;
    this.#release = release;
    this.#order = plan.order.filter((zone) => release.replicasPerZone[zone]! > 0);
    this.#state = this.#rolling(0);
  }

  get state(): State {
    return this.#state;
  }

  step(nowMs: number, fleet: FleetView): readonly RolloutAction[] {
    this.#wakeMs = Infinity;
    const state = this.#state;
    switch (state.phase) {
      case "progressing":
        return this.#roll(state.stage, nowMs, fleet);
      case "baking":
        if (state.analysis === null && nowMs >= state.untilMs) this.#state = this.#rolling(state.stage + 1);
        else if (state.untilMs > nowMs) this.#wakeMs = state.untilMs;
        return [];
      case "rollingBack":
        return this.#return(nowMs, fleet);
      case "paused":
      case "held":
      case "succeeded":
      case "rolledBack":
        return [];
    }
  }

  judged(nowMs: number, result: GateResult): void {
    const state = this.#state;
    if (state.phase !== "baking" || state.analysis === null) return;
    const gate = this.#release.analysisNames[state.analysis]!;
    const zone = this.#zoneName(state.stage);
    switch (result) {
      case "passed":
        this.#state = { ...state, analysis: null, detail: `zone ${zone}: ${gate} passed` };
        this.#wakeMs = Math.max(nowMs, state.untilMs);
        return;
      case "failed":
        this.#state = { phase: "held", detail: `zone ${zone}: ${gate} failed` };
        return;
      case "inconclusive":
        this.#state = { phase: "paused", detail: `zone ${zone}: ${gate} inconclusive`, isForGood: true };
    }
  }

  rollBack(nowMs: number, _fleet: FleetView): void {
    if (isRollingBack(this.#state)) return;
    this.#state = { phase: "rollingBack", detail: "back in all zones, rolling" };
    this.#wakeMs = nowMs;
  }

  nextWakeup(): number {
    return this.#wakeMs;
  }

  #rolling(stage: number): State {
    if (stage >= this.#order.length) return { phase: "succeeded", detail: "every zone runs the new version" };
    return { phase: "progressing", detail: `zone ${this.#zoneName(stage)}: rolling update`, stage };
  }

  #roll(stage: number, nowMs: number, fleet: FleetView): readonly RolloutAction[] {
    const zone = this.#order[stage]!;
    const inZone = fleet.instances.filter((instance) => instance.zone === zone);
    const replicasPerZone = this.#release.replicasPerZone.map((replicas, each) => (each === zone ? replicas : 0));
    const { actions, isDone } = this.#move(nowMs, this.#release.next, inZone, replicasPerZone);
    if (isDone) this.#state = this.#baking(stage, nowMs);
    return actions;
  }

  #baking(stage: number, nowMs: number): State {
    const { analysis, bakeMs } = this.#plan;
    const gate = analysis === null ? "" : `, gate ${this.#release.analysisNames[analysis]}`;
    const detail = `zone ${this.#zoneName(stage)}: bake of ${bakeMs / 1000} s${gate}`;
    return { phase: "baking", detail, stage, untilMs: nowMs + bakeMs, analysis };
  }

  #return(nowMs: number, fleet: FleetView): readonly RolloutAction[] {
    const { base, replicasPerZone } = this.#release;
    const { actions, isDone } = this.#move(nowMs, base, fleet.instances, replicasPerZone);
    if (isDone) this.#state = { phase: "rolledBack", detail: "every zone runs the former version" };
    return actions;
  }

  #move(
    nowMs: number,
    target: number,
    instances: readonly InstanceView[],
    replicasPerZone: readonly number[],
  ): Moves & { readonly isDone: boolean } {
    const replicas = sum(replicasPerZone);
    const limits = resolveLimits(replicas, this.#plan, 0);
    const moves = moveByRolling(nowMs, target, instances, limits, replicasPerZone);
    return { ...moves, isDone: moves.actions.length === 0 && consistsOf(instances, target, replicas) };
  }

  #zoneName(stage: number): string {
    return this.#release.zones[this.#order[stage]!]!;
  }
}
