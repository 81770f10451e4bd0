// What the real fleet cannot carry on this machine, or could not judge if it did, is refused before it starts.
import { availableParallelism } from "node:os";
import { peakHopsPerSecond } from "../analysis/capacity.ts";
import { EngineFailure } from "../engine/engine.ts";
import { checkHopRate } from "../live/hop-limit.ts";
import type { Study } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { BadInput } from "./bad-input.ts";
import { FEWEST_REQUESTS, gateTraffic } from "./gate-traffic.ts";
import { numberText, percentText } from "./number-text.ts";
import { problemsText } from "./problem-text.ts";

/** Throws BadInput where a study does not fit; warnings go to stderr, or with `isStrict` are errors. */
export function refuseWhatCannotRun(studies: readonly Study[], isStrict: boolean): void {
  const found = studies.flatMap((study) => liveProblems(study, availableParallelism()));
  const problems = isStrict ? found.map((problem): Problem => ({ ...problem, severity: "error" })) : found;
  if (problems.some(({ severity }) => severity === "error")) throw new BadInput(problems);
  process.stderr.write(problemsText(problems));
}

export function liveProblems(study: Study, cores: number): Problem[] {
  return [...hopProblems(study, cores), ...gateProblems(study)];
}

function hopProblems(study: Study, cores: number): Problem[] {
  const hops = Math.max(...study.variants.map(({ plan }) => peakHopsPerSecond(plan)));
  try {
    const warning = checkHopRate(hops, study.variants[0]!.plan.scale, cores);
    return warning === null
      ? []
      : [{ code: "tight-fit", severity: "warning", message: warning, hint: null, place: null }];
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    const { code, message, hint } = error;
    return [{ code, severity: "error", message, hint, place: null }];
  }
}

function gateProblems(study: Study): Problem[] {
  return study.variants.flatMap(({ plan }) =>
    gateTraffic(plan)
      .filter(({ requests }) => requests < FEWEST_REQUESTS)
      .map(({ analysis, metric, share, requests }): Problem => ({
        code: "too-few-requests",
        severity: "error",
        message: `gate ${analysis} of ${plan.strategy ?? plan.scenario} sees ${numberText(requests)} requests per window of ${metric} at ${percentText(share)}; fewer than ${FEWEST_REQUESTS} decide nothing`,
        hint: `a larger scale (now ${percentText(plan.scale)}) or less compression (now ${numberText(plan.compress)}) gives it more`,
        place: null,
      })),
  );
}
