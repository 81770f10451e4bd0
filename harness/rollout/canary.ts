// A canary by traffic: some instances of the new version take a share of the users, step by step.
// Source of the semantics: Argo Rollouts, canary with traffic routing (weights move only when the instances for
// them are ready; the old version stays at full size until `scaleDownDelay` after promotion).
import * as z from "zod";
import { unreachable } from "../core/assert.ts";
import { ceilShare } from "../core/share.ts";
import type { CanaryStep, RolloutPlan } from "../model/release-plan.ts";
import { duration } from "../schema/duration.ts";
import { refuseLater } from "../schema/later.ts";
import { canarySteps, compileStep } from "./canary-steps.ts";
import type { FleetView, InstanceView } from "./fleet-view.ts";
import { readyCount, runningBut, runningOf, sum } from "./fleet-view.ts";
import { zonesOfNext } from "./placement.ts";
import type { GateResult, Release, RolloutAction, RolloutMachine } from "./rollout-machine.ts";
import { isRollingBack } from "./rollout-machine.ts";
import { strategy } from "./strategy.ts";

export const canary = strategy({
  kind: "canary",
  about:
    "Gives the new version a growing share of the users, with pauses and gates between; 100 % after the last step.",
  attributes: {
    by: z
      .enum(["traffic", "replicas"])
      .superRefine((by, context) => {
        if (by !== "traffic") refuseLater(context, "canaries by replicas");
      })
      .prefault("traffic")
      .describe("What a weight divides: the users' traffic."),
    steps: canarySteps.describe("Weights in percent, pauses and gates, in order."),
    scaleDownDelay: duration("control")
      .prefault("30s")
      .describe("The old version stays this long after the new one has all the traffic."),
  },
  compile: ({ steps, scaleDownDelay }, names) => ({
    kind: "canary",
    steps: steps.map((step, index) => compileStep(step, index, names)),
    scaleDownDelayMs: scaleDownDelay,
  }),
  machine: (plan, release) => new Canary(plan, release),
});

/** An aborted canary's instances are kept this long after their weight went to 0. Argo's abortScaleDownDelaySeconds. */
const ABORT_SCALE_DOWN_DELAY_MS = 30_000;

type CanaryPlan = Extract<RolloutPlan, { kind: "canary" }>;

/** `step` indexes the plan's steps. */
type State =
  | { readonly phase: "progressing"; readonly detail: string; readonly step: number; readonly weight: number }
  | {
      readonly phase: "paused";
      readonly detail: string;
      readonly isForGood: boolean;
      readonly step: number;
      readonly untilMs: number;
      readonly minRequests: number;
    }
  | { readonly phase: "baking"; readonly detail: string; readonly step: number; readonly analysis: number }
  | { readonly phase: "held"; readonly detail: string }
  /** `dropMs`: when the old version goes; null while the new one is not ready for all the traffic. */
  | { readonly phase: "promoting"; readonly detail: string; readonly dropMs: number | null }
  | { readonly phase: "succeeded"; readonly detail: string }
  /** `removeMs`: when the new version goes; null while the old one is being restored to its full size. */
  | { readonly phase: "rollingBack"; readonly detail: string; readonly removeMs: number | null }
  | { readonly phase: "rolledBack"; readonly detail: string };

class Canary implements RolloutMachine {
  readonly #plan: CanaryPlan;
  readonly #release: Release;
  readonly #replicas: number;
  /** The weight asked for last; null = none, every instance counts alike. */
  #weight: number | null = null;
  #state: State;
  #wakeMs = -Infinity;

  constructor(plan: CanaryPlan, release: Release) {
    this.#plan = plan;
    this.#release = release;
    this.#replicas = sum(release.replicasPerZone);
    this.#state = { phase: "progressing", detail: "canary", step: -1, weight: 0 };
  }

  get state(): State {
    return this.#state;
  }

  step(nowMs: number, fleet: FleetView): readonly RolloutAction[] {
    this.#wakeMs = Infinity;
    const state = this.#state;
    switch (state.phase) {
      case "progressing":
        return state.step < 0 ? this.#begin(nowMs, fleet) : this.#raise(state.step, state.weight, nowMs, fleet);
      case "paused":
        if (nowMs >= state.untilMs || fleet.served >= state.minRequests) this.#enter(state.step + 1, nowMs);
        else this.#wakeMs = state.untilMs;
        return [];
      case "promoting":
        return this.#promote(state.dropMs, nowMs, fleet);
      case "rollingBack":
        return this.#return(state.removeMs, nowMs, fleet);
      case "baking":
      case "held":
      case "succeeded":
      case "rolledBack":
        return [];
      default:
        return unreachable(state);
    }
  }

  judged(nowMs: number, result: GateResult): void {
    const state = this.#state;
    if (state.phase !== "baking") return;
    const gate = this.#release.analysisNames[state.analysis]!;
    switch (result) {
      case "passed":
        this.#enter(state.step + 1, nowMs);
        this.#wakeMs = nowMs;
        return;
      case "failed":
        this.#state = { phase: "held", detail: `${gate} failed at ${this.#share()}` };
        return;
      case "inconclusive":
        this.#state = { ...PAUSED_FOR_GOOD, detail: `${gate} inconclusive at ${this.#share()}`, step: state.step };
    }
  }

  rollBack(nowMs: number, fleet: FleetView): void {
    if (isRollingBack(this.#state)) return;
    const isWhole = runningOf(fleet.instances, this.#release.base).length >= this.#replicas;
    this.#state = isWhole
      ? this.#draining(nowMs)
      : { phase: "rollingBack", detail: "restoring the former version", removeMs: null };
    this.#wakeMs = nowMs;
  }

  nextWakeup(): number {
    return this.#wakeMs;
  }

  /**
   * The new version gets nothing before its first weight; what an unfinished earlier release left behind goes,
   * once the former version can do without it.
   */
  #begin(nowMs: number, fleet: FleetView): RolloutAction[] {
    const { next, base } = this.#release;
    const strays = runningBut(fleet.instances, base).filter((instance) => instance.variant !== next);
    if (strays.length > 0) {
      const missing = this.#missing(base, this.#replicas, fleet.instances);
      if (missing.length > 0) return missing;
      if (readyCount(runningOf(fleet.instances, base)) < this.#replicas) return [];
    }
    this.#enter(0, nowMs);
    return [...this.#shift(0), ...stops(strays)];
  }

  #enter(index: number, nowMs: number): void {
    const step = this.#plan.steps[index];
    this.#state =
      step === undefined
        ? { phase: "promoting", detail: "scaling the new version to full size", dropMs: null }
        : this.#stateOf(step, index, nowMs);
  }

  #stateOf(step: CanaryStep, index: number, nowMs: number): State {
    switch (step.do) {
      case "weight":
        return { phase: "progressing", detail: `to ${step.weight} %`, step: index, weight: step.weight };
      case "pause":
        return {
          ...PAUSED_FOR_GOOD,
          detail: `${step.forMs / 1000} s at ${this.#share()}`,
          isForGood: false,
          step: index,
          untilMs: nowMs + step.forMs,
        };
      case "pauseRequests":
        return {
          ...PAUSED_FOR_GOOD,
          detail: `until ${step.minRequests} requests at ${this.#share()}`,
          isForGood: false,
          step: index,
          minRequests: step.minRequests,
        };
      case "hold":
        return { ...PAUSED_FOR_GOOD, detail: `for good at ${this.#share()}`, step: index };
      case "analysis":
        return {
          phase: "baking",
          detail: `gate ${this.#release.analysisNames[step.analysis]} at ${this.#share()}`,
          step: index,
          analysis: step.analysis,
        };
      default:
        return unreachable(step);
    }
  }

  #raise(step: number, weight: number, nowMs: number, fleet: FleetView): RolloutAction[] {
    const wanted = weight === 0 ? 0 : Math.max(1, ceilShare(weight / 100, this.#replicas));
    const missing = this.#missing(this.#release.next, wanted, fleet.instances);
    if (missing.length > 0) return missing;
    if (readyCount(runningOf(fleet.instances, this.#release.next)) < wanted) return [];
    const shift = this.#shift(weight);
    this.#enter(step + 1, nowMs);
    return shift;
  }

  #promote(dropMs: number | null, nowMs: number, fleet: FleetView): RolloutAction[] {
    const { next } = this.#release;
    const missing = this.#missing(next, this.#replicas, fleet.instances);
    if (missing.length > 0) return missing;
    if (dropMs === null) {
      if (readyCount(runningOf(fleet.instances, next)) < this.#replicas) return [];
      const afterMs = this.#plan.scaleDownDelayMs;
      this.#state = {
        phase: "promoting",
        detail: `all traffic on the new version; the old one goes in ${afterMs / 1000} s`,
        dropMs: nowMs + afterMs,
      };
      return this.#shift(100);
    }
    if (nowMs < dropMs) {
      this.#wakeMs = dropMs;
      return [];
    }
    if (fleet.instances.some((instance) => instance.variant !== next)) return stops(runningBut(fleet.instances, next));
    this.#state = { phase: "succeeded", detail: "only the new version is left" };
    return this.#shift(null);
  }

  #return(removeMs: number | null, nowMs: number, fleet: FleetView): RolloutAction[] {
    const { base } = this.#release;
    if (removeMs === null) {
      const missing = this.#missing(base, this.#replicas, fleet.instances);
      if (missing.length > 0) return missing;
      if (readyCount(runningOf(fleet.instances, base)) >= this.#replicas) this.#state = this.#draining(nowMs);
      return [];
    }
    if (this.#weight !== 0) return this.#shift(0);
    if (nowMs < removeMs) {
      this.#wakeMs = removeMs;
      return [];
    }
    if (fleet.instances.some((instance) => instance.variant !== base)) return stops(runningBut(fleet.instances, base));
    this.#state = { phase: "rolledBack", detail: "only the former version is left" };
    return this.#shift(null);
  }

  #draining(nowMs: number): State {
    const afterMs = ABORT_SCALE_DOWN_DELAY_MS / this.#release.compress;
    return {
      phase: "rollingBack",
      detail: `to 0 %; the canary goes in ${afterMs / 1000} s`,
      removeMs: nowMs + afterMs,
    };
  }

  #missing(variant: number, wanted: number, instances: readonly InstanceView[]): RolloutAction[] {
    const running = runningOf(instances, variant);
    const zones = zonesOfNext(Math.max(0, wanted - running.length), running, this.#release.replicasPerZone);
    return zones.map((zone) => ({ do: "start", variant, zone }));
  }

  #shift(weight: number | null): RolloutAction[] {
    if (weight === this.#weight) return [];
    this.#weight = weight;
    return [{ do: "weight", weight }];
  }

  #share(): string {
    return `${this.#weight ?? 0} %`;
  }
}

const PAUSED_FOR_GOOD = { phase: "paused", isForGood: true, untilMs: Infinity, minRequests: Infinity } as const;

function stops(instances: readonly InstanceView[]): RolloutAction[] {
  return instances.map(({ id }) => ({ do: "stop", instance: id }));
}
