// Strategies that cannot show what they are for: too long for the run, or the same as another.
import { Sampler } from "../core/sampler.ts";
import type { AnalysisPlan, RolloutPlan } from "../model/release-plan.ts";
import type { Plan } from "../model/plan.ts";
import type { CompiledVariant } from "./compile-plan.ts";

export function checkStrategies(variants: readonly CompiledVariant[]): void {
  const seen = new Map<string, string>();
  for (const variant of variants) {
    const { strategy } = variant.plan;
    if (strategy === null) continue;
    checkFinish(variant, strategy);
    const same = JSON.stringify({ ...variant.plan, strategy: null });
    const earlier = seen.get(same);
    if (earlier === undefined) seen.set(same, strategy);
    else
      variant.source.scenario.cursor
        .at("strategies", strategy)
        .warning("same-strategies", `nothing distinguishes \`${strategy}\` from \`${earlier}\``);
  }
}

function checkFinish({ plan, source }: CompiledVariant, strategy: string): void {
  const { rollout } = plan;
  if (rollout === null) return;
  for (const event of plan.timeline) {
    if (event.do !== "release") continue;
    const leastMs = leastTimeMs(rollout, plan, plan.versions[event.version]!.service);
    if (event.atMs + leastMs <= plan.endMs) continue;
    const message = `the rollout takes at least ${seconds(leastMs)} s, but the run ends ${seconds(plan.endMs - event.atMs)} s after the release`;
    source.scenario.cursor
      .at("strategies", strategy, "rollout")
      .warning("unfinished-strategy", message, "raise `duration`, or shorten pauses and gates");
  }
}

/** What the rollout needs when everything goes well; one that holds for good is never unfinished. */
function leastTimeMs(rollout: RolloutPlan, plan: Plan, service: number): number {
  const startupMs = new Sampler(plan.services[service]!.variants[0]!.startupMs).meanMs;
  switch (rollout.kind) {
    case "everywhere":
      return rollout.overMs + startupMs;
    case "linear":
      return (Math.ceil(rollout.upTo / rollout.step - 1e-9) - 1) * rollout.everyMs + startupMs;
    case "recreate":
      return startupMs;
    case "rollingUpdate":
      return rollout.minReadyMs + startupMs;
    case "staged":
      return (
        rollout.order.length *
        Math.max(rollout.bakeMs, rollout.analysis === null ? 0 : gateMs(plan.analyses[rollout.analysis]!))
      );
    case "canary": {
      if (rollout.steps.some((step) => step.do === "hold")) return 0;
      const steps = rollout.steps.map((step) =>
        step.do === "pause" ? step.forMs : step.do === "analysis" ? gateMs(plan.analyses[step.analysis]!) : 0,
      );
      return steps.reduce((total, ms) => total + ms, startupMs);
    }
  }
}

function gateMs({ initialDelayMs, intervalMs, count }: AnalysisPlan): number {
  return initialDelayMs + intervalMs * count;
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
