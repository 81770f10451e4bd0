// The result of a whole scenario: every variant judged, the control that they share, and what the strategies
// together show.
import type { Expectation } from "../model/plan.ts";
import type { Recording } from "../recording/recording.ts";
import { judgeObserved } from "./judge.ts";
import type { Observation } from "./observation.ts";
import type { ObservedRun } from "./observer.ts";
import { observe, observedRun } from "./observer.ts";
import { RESULT_FORMAT } from "./result.ts";
import type { Result, VariantResult } from "./result.ts";
import { tablesOf } from "./tables.ts";
import { hasTrigger, triggerOf } from "./trigger.ts";
import { warningsOf } from "./warnings.ts";

/** One variant that ran, as the judge sees it. */
export interface ObservedVariant extends ObservedRun {
  /** The same object for variants that share a control run. */
  readonly control: Observation | null;
  readonly expectation: Expectation;
}

/** In the order of the variants; null where none ran. */
export function observedResult(scenario: string, observed: readonly ObservedVariant[]): Result | null {
  const first = observed[0];
  if (first === undefined) return null;
  if (isMeasurement(first.run)) return measurementOf(scenario, first);
  const shared = observed.find(({ control }) => control !== null)?.control ?? null;
  const variants = observed.map(({ run, checks, control, expectation }): VariantResult => {
    const isOwn = control !== null && control.planHash !== shared!.planHash;
    return { ...judgeObserved(run, control, expectation, checks), control: isOwn ? tablesOf(control) : null };
  });
  const { engine, plan, planHash } = first.run;
  return {
    format: RESULT_FORMAT,
    scenario,
    engine,
    seed: plan.seed,
    seeds: [plan.seed],
    planHash: shared?.planHash ?? planHash,
    passed: variants.every(({ passed }) => passed),
    checks: [],
    control: shared === null ? null : tablesOf(shared),
    variants,
    warnings: warningsOfStudy(observed, variants),
  };
}

/** One variant as it was recorded. */
export interface RecordedVariant {
  readonly recording: Recording;
  readonly control: Recording | null;
  readonly expectation: Expectation;
}

/** The same from recordings: each is read once, however many variants share it. */
export function studyResult(scenario: string, recorded: readonly RecordedVariant[]): Result | null {
  const controls = new Map<Recording, Observation>();
  const observedControl = (recording: Recording): Observation => {
    const known = controls.get(recording) ?? observe(recording);
    controls.set(recording, known);
    return known;
  };
  const observed = recorded.map(({ recording, control, expectation }) => ({
    ...observedRun(recording, expectation.checks),
    control: control === null ? null : observedControl(control),
    expectation,
  }));
  return observedResult(scenario, observed);
}

/** A scenario without strategies and without a trigger: its one run is itself the control. */
function isMeasurement({ plan }: Observation): boolean {
  return plan.strategy === null && !hasTrigger(plan);
}

function measurementOf(scenario: string, { run, checks }: ObservedVariant): Result {
  const { engine, plan, planHash } = run;
  return {
    format: RESULT_FORMAT,
    scenario,
    engine,
    seed: plan.seed,
    seeds: [plan.seed],
    planHash,
    passed: run.end.reason !== "unsound" && checks.every(({ passed }) => passed),
    checks,
    control: tablesOf(run),
    variants: [],
    warnings: warningsOf(run, null, triggerOf(run)),
  };
}

function warningsOfStudy(
  observed: readonly ObservedVariant[],
  variants: readonly VariantResult[],
): Result["warnings"][number][] {
  const withTrigger = variants.filter((_, index) => hasTrigger(observed[index]!.run.plan));
  const isHarmless = withTrigger.every(
    ({ blastRadius: { services, journeys, zones } }) => services.length + journeys.length + zones.length === 0,
  );
  if (withTrigger.length < 2 || !isHarmless) return [];
  return [
    {
      code: "same-strategies",
      message: "no strategy was impacted at all: nothing here distinguishes them",
    },
  ];
}
