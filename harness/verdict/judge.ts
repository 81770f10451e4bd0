// The judge: a recording, its control and what was expected go in, the verdict on the variant comes out. The
// definitions stand in docs/verdict.md, each in a file of its own beside this one.
import type { Expectation } from "../model/plan.ts";
import type { RunEvent } from "../recording/event.ts";
import type { Recording } from "../recording/recording.ts";
import { actionsOf } from "./actions.ts";
import { affectedShare } from "./affected-users.ts";
import { amplificationOf, exposureOf } from "./amplification.ts";
import type { Comparison } from "./comparison.ts";
import { controlRun, steadyState } from "./comparison.ts";
import type { Impact } from "./impact.ts";
import { impactedWindows, impactOf, isAnythingImpacted, isImpactedAtEnd } from "./impact.ts";
import { journeysHitOf } from "./journeys-hit.ts";
import { lossesOf } from "./losses.ts";
import type { Observation } from "./observation.ts";
import { observe, observedRun } from "./observer.ts";
import { originsOf } from "./origins.ts";
import { escapesOf, outcomeOf } from "./outcome.ts";
import { propagationOf } from "./propagation.ts";
import { recoveryOf } from "./recovery.ts";
import type { CheckResult, VariantResult } from "./result.ts";
import { storyOf, triggerWords } from "./story.ts";
import { tablesOf } from "./tables.ts";
import type { Trigger } from "./trigger.ts";
import { hasTrigger, triggerOf } from "./trigger.ts";
import { invalidityOf } from "./validity.ts";
import { warningsOf } from "./warnings.ts";
import { windowCountsOf } from "./window-counts.ts";
import type { WindowCounts } from "./window-counts.ts";

/** Something is still going on at the end when it was in one of so many last windows: one alone may be quiet by chance. */
const WINDOWS_AT_END = 3;

/** `control` is null where none was run: then the steady state before the trigger stands in for it. */
export function judge(recording: Recording, control: Recording | null, expectation: Expectation): VariantResult {
  const { run, checks } = observedRun(recording, expectation.checks);
  return judgeObserved(run, control === null ? null : observe(control), expectation, checks);
}

/** The same from what was already observed, so that variants can share their control's. */
export function judgeObserved(
  run: Observation,
  control: Observation | null,
  expectation: Expectation,
  checks: readonly CheckResult[],
): VariantResult {
  const counts = windowCountsOf(run);
  const trigger = triggerOf(run);
  const harm =
    trigger.beganMs === null ? NO_HARM : harmOf(run, counts, control, { ...trigger, beganMs: trigger.beganMs });
  const impactedServices = harm.impact === null ? [] : indicesOfImpacted(harm.impact.services);
  const timesMs = timesOf(run, trigger, harm.recoveredAtMs);
  const findings = {
    plan: run.plan,
    end: run.end,
    trigger,
    invalidity: hasTrigger(run.plan) ? invalidityOf(run, control) : null,
    blastRadius: harm.blastRadius,
    impactedServices,
    isImpactedAtEnd: harm.impact !== null && isImpactedAtEnd(harm.impact, WINDOWS_AT_END),
    timesMs,
    containment: expectation.containment,
  };
  const { outcome, reason } = outcomeOf(findings);
  const passed = outcome === expectation.expect && checks.every((check) => check.passed);
  const isRolledBack = run.events.some((event) => event.kind === "action" && event.action === "rollback");
  return {
    strategy: run.plan.strategy,
    trigger: triggerWords(run.plan),
    outcome,
    expected: expectation.expect,
    passed,
    reason,
    seeds: {
      runs: 1,
      outcomes: { [outcome]: 1 },
      interval: null,
      told: run.plan.seed,
      notPassed: passed ? [] : [run.plan.seed],
    },
    facts: {
      triggerGone: trigger.goneMs !== null,
      recovered: trigger.goneMs === null ? !isUnwellAtEnd(harm.impact) : harm.recoveredAtMs !== null,
      escaped: escapesOf(findings).length > 0,
      spuriousRollback: isRolledBack && (harm.impact === null || !isAnythingImpacted(harm.impact)),
    },
    blastRadius: harm.blastRadius,
    propagation: harm.propagation,
    journeysHit: harm.impact === null ? [] : journeysHitOf(run, counts, harm.impact, trigger.beganMs ?? 0),
    origins: originsOf(run, harm.impact?.fromWindow ?? 0),
    timesMs,
    exposure: trigger.beganMs === null ? 0 : exposureOf(run, trigger.beganMs, trigger.goneMs),
    amplification: amplificationOf(run, harm.impact),
    actions: actionsOf(run),
    rollout: storyOf(run.plan, run.events),
    checks,
    warnings: warningsOf(run, control, trigger),
    control: null,
    ...tablesOf(run),
  };
}

/** What the failure did; nothing where the trigger never began. */
interface Harm {
  readonly impact: Impact | null;
  readonly blastRadius: VariantResult["blastRadius"];
  readonly propagation: VariantResult["propagation"];
  /** Run time; null where it did not recover, or the trigger was never gone. */
  readonly recoveredAtMs: number | null;
}

const NO_HARM: Harm = {
  impact: null,
  blastRadius: { services: [], journeys: [], zones: [], usersAffected: 0, requestsLost: 0, budgetMinutes: 0 },
  propagation: [],
  recoveredAtMs: null,
};

function harmOf(
  run: Observation,
  counts: readonly WindowCounts[],
  control: Observation | null,
  trigger: Trigger & { readonly beganMs: number },
): Harm {
  const comparison: Comparison =
    control === null
      ? steadyState(run, counts, trigger.beganMs)
      : controlRun(control, windowCountsOf(control), run.plan);
  const impact = impactOf(run, counts, comparison, trigger.beganMs);
  const windows = impactedWindows(impact);
  const propagation = propagationOf(run, counts, comparison, impact, trigger);
  return {
    impact,
    blastRadius: {
      services: propagation.map(({ service }) => service),
      journeys: journeysHitOf(run, counts, impact, trigger.beganMs).map(({ journey }) => journey),
      zones: indicesOfImpacted(impact.zones).map((zone) => run.plan.zones[zone]!),
      usersAffected: Math.max(0, affectedShare(run, windows) - comparison.affectedShare(windows)),
      ...lossesOf(run, counts, comparison, impact),
    },
    propagation,
    recoveredAtMs: trigger.goneMs === null ? null : recoveryOf(run, comparison, impact, trigger.goneMs).atMs,
  };
}

/** Times from the trigger's beginning (to detect, to mitigate) and from its end (to recover). */
function timesOf(
  run: Observation,
  { beganMs, goneMs }: Trigger,
  recoveredAtMs: number | null,
): VariantResult["timesMs"] {
  if (beganMs === null) return { toDetect: null, toMitigate: null, toRecover: null };
  const noticed = run.events.find((event) => event.atMs >= beganMs && isNotice(event));
  return {
    toDetect: noticed === undefined ? null : noticed.atMs - beganMs,
    toMitigate: goneMs === null ? null : goneMs - beganMs,
    toRecover: goneMs === null || recoveredAtMs === null ? null : recoveredAtMs - goneMs,
  };
}

function isNotice(event: RunEvent): boolean {
  return (event.kind === "alert" && event.state === "firing") || (event.kind === "gate" && event.result === "failed");
}

function isUnwellAtEnd(impact: Impact | null): boolean {
  return impact?.journeys.some((windows) => windows.includes(impact.fullWindows - 1)) ?? false;
}

function indicesOfImpacted(windowsOf: readonly (readonly number[])[]): number[] {
  return windowsOf.flatMap((windows, index) => (windows.length > 0 ? [index] : []));
}
