// Results to print: a study whose strategies differ, several seeds of it, and a plain measurement.
import { ERROR, TIMEOUT } from "../../harness/model/outcome.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { RunEvent } from "../../harness/recording/event.ts";
import { EDGE, EDGE_WIDTH } from "../../harness/signals/columns.ts";
import { overSeeds } from "../../harness/verdict/seeds.ts";
import type { Result } from "../../harness/verdict/result.ts";
import { studyResult } from "../../harness/verdict/study-result.ts";
import { BACK, FRONT, smallPlan, USERS_FRONT } from "../signals/small-plan.ts";
import type { Failure, Scene } from "../verdict/synthetic-run.ts";
import { at, began, controlOf, expecting, gone, recorded } from "../verdict/synthetic-run.ts";

const checks = [
  {
    claim: null,
    metric: "journeys.buy.availability",
    window: { fromMs: at(60), toMs: at(120) },
    atLeast: 0.95,
    atMost: null,
  },
];

function weights(from: number, steps: readonly number[]): RunEvent[] {
  return steps.map((weight, step) => ({
    atMs: at(from + step * 3),
    kind: "weight",
    service: "back",
    version: "v2",
    weight,
  }));
}

const released: RunEvent[] = [
  { atMs: at(60), kind: "timeline", timeline: 0, state: "begin" },
  began(60),
  { atMs: at(60), kind: "rollout", version: "v2", phase: "progressing", detail: "" },
];

const rollback = (second: number, by: string | null, cause: string): RunEvent[] => [
  { atMs: at(second), kind: "action", action: "rollback", by, cause },
  { atMs: at(second), kind: "rollout", version: "v2", phase: "rollingBack", detail: "" },
  { atMs: at(second + 10), kind: "rollout", version: "v2", phase: "rolledBack", detail: "" },
  gone(second + 10),
];

/** The back fails; from 12 s later on the front suffers too, and its users retry. */
function spreading(second: number, end: number): Failure[] {
  if (second < 60 || second >= end) return [];
  const back = { service: BACK, cause: ERROR, requests: 40 };
  return second < 72 ? [back] : [back, { service: FRONT, cause: TIMEOUT, requests: 25 }];
}

const never: Scene = {
  plan: { ...smallPlan(), strategy: "everywhere-and-never-rolled-back" },
  failures: (second) => spreading(second, 300),
  weight: (second) => (second >= 60 ? 1 : 0),
  events: [...released, { atMs: at(62), kind: "rollout", version: "v2", phase: "succeeded", detail: "" }],
  also(tally, second) {
    if (second >= 72) tally.edges[USERS_FRONT * EDGE_WIDTH + EDGE.attempts]! += 240;
  },
};

const paged: Scene = {
  plan: { ...smallPlan(), strategy: "rolling-update-paged" },
  failures: (second) => spreading(second, 300),
  weight: (second) => (second >= 60 && second < 160 ? 1 : 0),
  events: [
    ...released,
    ...weights(60, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]),
    { atMs: at(95), kind: "alert", alert: "fast-burn", state: "firing", value: 41.25 },
    { atMs: at(95), kind: "page", team: "shop", cause: "fast-burn", state: "waiting" },
    { atMs: at(110), kind: "page", team: "shop", cause: "fast-burn", state: "acknowledged" },
    { atMs: at(150), kind: "page", team: "shop", cause: "fast-burn", state: "diagnosed" },
    ...rollback(150, "shop", "fast-burn"),
  ],
};

const canary: Scene = {
  plan: { ...smallPlan(), strategy: "canary" },
  failures: (second) => (second >= 60 && second < 82 ? [{ service: BACK, cause: ERROR, requests: 2 }] : []),
  weight: (second) => (second >= 60 && second < 82 ? 0.05 : 0),
  events: [
    ...released,
    ...weights(60, [5]),
    {
      atMs: at(70),
      kind: "measurement",
      analysis: "health",
      metric: "services.back@new.availability",
      value: 0.6,
      limit: "at least 0.99",
      result: "failed",
    },
    { atMs: at(72), kind: "gate", analysis: "health", result: "failed" },
    ...rollback(72, null, "health"),
  ],
};

export function sampleStudy(seed = 7): Result {
  const seeded = (scene: Scene): Scene => ({ ...scene, plan: { ...(scene.plan as Plan), seed } });
  const control = controlOf(seeded({ plan: smallPlan() }));
  const variant = (scene: Scene, expect: "unmitigated" | "escaped" | "contained") => ({
    recording: recorded(seeded(scene)),
    control,
    expectation: expecting({ expect, checks: scene === canary ? checks : [] }),
  });
  return studyResult("back-bad-release", [
    variant(never, "unmitigated"),
    variant(paged, "escaped"),
    variant(canary, "contained"),
  ])!;
}

/** Fifty seeds; in two of them the canary does not contain it. */
export function seededStudy(): Result {
  const first = sampleStudy();
  const ofSeed = (seed: number): Result => ({
    ...first,
    seed,
    seeds: [seed],
    variants: first.variants.map((variant, index) => {
      const told = { ...variant.seeds, told: seed };
      return index === 2 && (seed === 24 || seed === 49)
        ? { ...variant, outcome: "escaped", passed: false, seeds: { ...told, notPassed: [seed] } }
        : { ...variant, seeds: { ...told, notPassed: variant.passed ? [] : [seed] } };
    }),
  });
  return overSeeds(
    Array.from({ length: 50 }, (_, index) => ofSeed(7 + index)),
    0.95,
  )!;
}

export function sampleMeasurement(): Result {
  const plan = smallPlan({ strategy: null, timeline: [], rollout: null });
  return studyResult("back-at-rest", [
    { recording: recorded({ plan }), control: null, expectation: expecting({ expect: "measured", checks }) },
  ])!;
}
