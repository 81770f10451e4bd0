// The result of a whole scenario: every variant judged, the control that they share, and what the strategies
// together show.
import type { Expectation } from "../model/plan.ts";
import type { Recording } from "../recording/recording.ts";
import { checked } from "./checks.ts";
import { judgeObserved } from "./judge.ts";
import type { Observation } from "./observation.ts";
import { observe } from "./observation.ts";
import { RESULT_FORMAT } from "./result.ts";
import type { Result, VariantResult } from "./result.ts";
import { tablesOf } from "./tables.ts";
import { hasTrigger, triggerOf } from "./trigger.ts";
import { warningsOf } from "./warnings.ts";

/** One variant that ran. */
export interface RecordedVariant {
  readonly recording: Recording;
  readonly control: Recording | null;
  readonly expectation: Expectation;
}

/** In the order of the variants; null where none ran. */
export function studyResult(scenario: string, recorded: readonly RecordedVariant[]): Result | null {
  const first = recorded[0];
  if (first === undefined) return null;
  if (isMeasurement(first.recording)) return measurementOf(scenario, first);
  const observations = new Map<Recording, Observation>();
  const observed = (recording: Recording): Observation => {
    const known = observations.get(recording) ?? observe(recording);
    observations.set(recording, known);
    return known;
  };
  const shared = recorded.find(({ control }) => control !== null)?.control ?? null;
  const variants = recorded.map(({ recording, control, expectation }): VariantResult => {
    const controlled = control === null ? null : observed(control);
    const judged = judgeObserved(observe(recording), controlled, expectation, checked(recording, expectation.checks));
    const isOwn = controlled !== null && controlled.planHash !== shared!.header.planHash;
    return { ...judged, control: isOwn ? tablesOf(controlled) : null };
  });
  const { engine, plan, planHash } = first.recording.header;
  return {
    format: RESULT_FORMAT,
    scenario,
    engine,
    seed: plan.seed,
    planHash: shared?.header.planHash ?? planHash,
    passed: variants.every(({ passed }) => passed),
    checks: [],
    control: shared === null ? null : tablesOf(observed(shared)),
    variants,
    warnings: warningsOfStudy(recorded, variants),
  };
}

/** A scenario without strategies and without a trigger: its one run is itself the control. */
function isMeasurement({ header }: Recording): boolean {
  return header.plan.strategy === null && !hasTrigger(header.plan);
}

function measurementOf(scenario: string, { recording, expectation }: RecordedVariant): Result {
  const run = observe(recording);
  const checks = checked(recording, expectation.checks);
  const { engine, plan, planHash } = recording.header;
  return {
    format: RESULT_FORMAT,
    scenario,
    engine,
    seed: plan.seed,
    planHash,
    passed: run.end.reason !== "unsound" && checks.every(({ passed }) => passed),
    checks,
    control: tablesOf(run),
    variants: [],
    warnings: warningsOf(run, null, triggerOf(run)),
  };
}

function warningsOfStudy(
  recorded: readonly RecordedVariant[],
  variants: readonly VariantResult[],
): Result["warnings"][number][] {
  const withTrigger = variants.filter((_, index) => hasTrigger(recorded[index]!.recording.header.plan));
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
