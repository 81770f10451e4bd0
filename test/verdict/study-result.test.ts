import { describe, expect, it } from "vitest";
import { ERROR } from "../../harness/model/outcome.ts";
import { overSeeds } from "../../harness/verdict/seeds.ts";
import type { Result } from "../../harness/verdict/result.ts";
import { studyResult } from "../../harness/verdict/study-result.ts";
import { BACK, smallPlan } from "../signals/small-plan.ts";
import type { Scene } from "./synthetic-run.ts";
import { began, controlOf, expecting, failing, gone, recorded } from "./synthetic-run.ts";

function scene(strategy: string, failed: number, seed = 7): Scene {
  return {
    plan: smallPlan({ strategy, seed }),
    failures: failing(BACK, ERROR, failed, 60, 80),
    weight: (second) => (second >= 60 && second < 80 ? 1 : 0),
    events: [began(60), gone(80)],
  };
}

const control = controlOf();

function study(scenes: readonly Scene[]): Result {
  return studyResult(
    "small",
    scenes.map((each) => ({ recording: recorded(each), control, expectation: expecting() })),
  )!;
}

describe("the result of a study", () => {
  it("has its variants in order and the control that they share once", () => {
    const result = study([scene("bold", 50), scene("careful", 2)]);
    expect(result.variants.map(({ strategy, outcome, control: own }) => [strategy, outcome, own])).toEqual([
      ["bold", "escaped", null],
      ["careful", "contained", null],
    ]);
    expect(result.control!.journeys["buy"]).toMatchObject({ requests: 30_000, availability: 1 });
    expect(result).toMatchObject({ format: "firebreak.result/1", engine: "sim", seed: 7, passed: false, warnings: [] });
  });

  it("gives a variant its own control where that is another plan", () => {
    const changed = smallPlan({ bucketMs: 1000, discoveryDelayMs: 5 });
    const other = {
      recording: recorded({ ...scene("changed", 2), plan: changed }),
      control: controlOf({ plan: changed }),
      expectation: expecting(),
    };
    const result = studyResult("small", [
      { recording: recorded(scene("careful", 2)), control, expectation: expecting() },
      other,
    ])!;
    expect(result.variants.map((variant) => variant.control === null)).toEqual([true, false]);
  });

  it("warns where nothing distinguishes the strategies", () => {
    expect(study([scene("one", 0), scene("other", 0)]).warnings.map(({ code }) => code)).toEqual(["same-strategies"]);
    expect(study([scene("one", 0), scene("other", 20)]).warnings).toEqual([]);
  });

  it("is, for a measurement without strategies, its tables and checks", () => {
    const plan = smallPlan({ strategy: null, timeline: [], rollout: null });
    const check = { claim: null, metric: "load.users.requestsPerSecond", window: null, atLeast: 99, atMost: 101 };
    const measured = (atLeast: number): Result =>
      studyResult("small", [
        {
          recording: recorded({ plan }),
          control: null,
          expectation: expecting({ expect: "measured", checks: [{ ...check, atLeast }] }),
        },
      ])!;
    expect(measured(99)).toMatchObject({
      passed: true,
      variants: [],
      checks: [{ passed: true, observed: 100 }],
      control: { load: { users: { ratePerSecond: 100 } } },
    });
    expect(measured(100.5)).toMatchObject({ passed: false, checks: [{ passed: false }] });
  });

  it("is none where nothing ran", () => {
    expect(studyResult("small", [])).toBeNull();
  });
});

describe("several seeds", () => {
  const good = study([scene("careful", 2)]);
  const bad = study([scene("careful", 50, 8)]);

  it("pass when all agree with what was expected, or the share that is asked for", () => {
    expect(overSeeds([good, good])).toMatchObject({ passed: true });
    expect(overSeeds([good, bad])).toMatchObject({ passed: false });
    expect(overSeeds([good, bad], 0.5)).toMatchObject({ passed: true });
  });

  it("count the outcomes and say how sure their share is", () => {
    const [variant] = overSeeds([...Array.from({ length: 48 }, () => good), bad, bad])!.variants;
    expect(variant!.seeds.outcomes).toEqual({ contained: 48, escaped: 2 });
    expect(variant!.seeds.interval![0]).toBeCloseTo(0.8654, 3);
    expect(variant!.outcome).toBe("contained");
  });

  it("tell of a seed that had the outcome that is told", () => {
    const [variant] = overSeeds([bad, good, good])!.variants;
    expect(variant).toMatchObject({ outcome: "contained", reason: good.variants[0]!.reason });
  });

  it("say which they were, which of them is told of, and which did not pass", () => {
    const result = overSeeds([bad, good, good])!;
    expect(result).toMatchObject({ seed: 8, seeds: [8, 7, 7] });
    expect(result.variants[0]!.seeds).toMatchObject({ runs: 3, told: 7, notPassed: [8] });
  });

  it("count a variant in the seeds that came to it, and keep the order of the scenario", () => {
    const whole = study([scene("bold", 50), scene("careful", 2)]);
    const { variants } = overSeeds([study([scene("careful", 2)]), whole])!;
    expect(variants.map(({ strategy, seeds }) => [strategy, seeds.runs])).toEqual([
      ["bold", 1],
      ["careful", 2],
    ]);
    expect(variants.map(({ seeds }) => seeds.interval === null)).toEqual([true, false]);
  });

  it("warn of what holds for some only with their number", () => {
    const harmless = study([scene("one", 0), scene("other", 0)]);
    const harmful = study([scene("one", 20), scene("other", 0)]);
    expect(overSeeds([harmless, harmless])!.warnings).toEqual(harmless.warnings);
    expect(overSeeds([harmful, harmless, harmful])!.warnings[0]!.message).toMatch(/^in 1 of 3 seeds: no strategy/);
  });

  it("hold the checks of a measurement to the share, and tell of one that did not hold", () => {
    const measured = (atLeast: number): Result => {
      const plan = smallPlan({ strategy: null, timeline: [], rollout: null });
      const check = { claim: null, metric: "load.users.requestsPerSecond", window: null, atLeast, atMost: 101 };
      const expectation = expecting({ expect: "measured", checks: [check] });
      return studyResult("small", [{ recording: recorded({ plan }), control: null, expectation }])!;
    };
    const results = [measured(99), measured(99), measured(100.5)];
    expect(overSeeds(results)).toMatchObject({ passed: false, checks: [{ passed: false }] });
    expect(overSeeds(results, 0.6)!.passed).toBe(true);
  });

  it("are none of these for one", () => {
    expect(overSeeds([good])).toBe(good);
    expect(overSeeds([])).toBeNull();
  });
});
