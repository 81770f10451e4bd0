import { describe, expect, it } from "vitest";
import { ERROR, OVERLOAD } from "../../harness/model/outcome.ts";
import type { Expectation, Plan } from "../../harness/model/plan.ts";
import type { TimelineEventPlan } from "../../harness/model/release-plan.ts";
import { judge } from "../../harness/verdict/judge.ts";
import type { VariantResult } from "../../harness/verdict/result.ts";
import { BACK, FRONT, smallPlan } from "../signals/small-plan.ts";
import type { Scene } from "./synthetic-run.ts";
import { at, began, controlOf, expecting, failing, gone, hit, recorded } from "./synthetic-run.ts";

/** The release goes out at 60 s to all of the back and fails for `requests` of 100 until `to`. */
function release(requests: number, to: number, goneAt: number | null, failureTo = to): Scene {
  return {
    failures: failing(BACK, ERROR, requests, 60, failureTo),
    weight: (second) => (second >= 60 && second < to ? 1 : 0),
    events: [began(60), ...(goneAt === null ? [] : [gone(goneAt)])],
  };
}

function verdict(
  scene: Scene,
  expectation: Expectation = expecting(),
  control: Scene = { ...scene, failures: () => [] },
): VariantResult {
  return judge(recorded(scene), controlOf(control), expectation);
}

const fault: TimelineEventPlan = {
  do: "fault",
  atMs: 70_000,
  forMs: 60_000,
  background: false,
  fault: {
    kind: "error",
    attributes: { status: 500 },
    scope: {
      on: { type: "service", service: BACK, operation: null },
      variant: null,
      zone: null,
      share: 1,
      instances: null,
    },
  },
};

describe("the outcome is", () => {
  it("measured where the scenario has no trigger", () => {
    const plan = smallPlan({ timeline: [], rollout: null });
    const result = judge(
      recorded({ plan, failures: failing(BACK, ERROR, 50, 100, 110) }),
      null,
      expecting({ expect: "measured" }),
    );
    expect(result).toMatchObject({
      outcome: "measured",
      passed: true,
      blastRadius: { services: [], usersAffected: 0 },
    });
  });

  it("invalid where nothing vouches for a measurement", () => {
    const plan = smallPlan({ timeline: [], rollout: null });
    const end = { reason: "unsound", atMs: 100_000, code: "fleet-lost", message: "front#0 is lost" } as const;
    const result = judge(recorded({ plan, end }), null, expecting({ expect: "measured" }));
    expect(result).toMatchObject({ outcome: "invalid", passed: false });
  });

  it("invalid where an objective does not hold before the first event", () => {
    const scene = release(0, 120, 120);
    const result = verdict({ ...scene, failures: failing(BACK, ERROR, 5, 0, 300) }, expecting());
    expect(result).toMatchObject({ outcome: "invalid", passed: false });
    expect(result.reason).toContain("buy is bad for 5 % (1 % allowed)");
  });

  it("invalid where an objective does not hold in the control and nothing of the timeline is background", () => {
    const scene = release(0, 120, 120);
    const late = failing(BACK, ERROR, 50, 100, 200);
    expect(verdict(scene, expecting(), { ...scene, failures: late }).outcome).toBe("invalid");
    const plan = smallPlan({ timeline: [...smallPlan().timeline, { ...fault, background: true }] });
    expect(verdict({ ...scene, plan }, expecting(), { ...scene, plan, failures: late }).outcome).toBe("contained");
  });

  it("invalid where the engine cannot vouch for the run", () => {
    const end = {
      reason: "unsound",
      atMs: 200_000,
      code: "generator-saturated",
      message: "the generator fell behind",
    } as const;
    expect(verdict({ ...release(50, 120, 120), end })).toMatchObject({ outcome: "invalid", passed: false });
  });

  it("not exercised where the trigger hit nothing", () => {
    const plan = smallPlan({ timeline: [fault], rollout: null });
    const scene: Scene = { plan, events: [began(60), gone(120)] };
    expect(verdict(scene)).toMatchObject({ outcome: "notExercised", passed: false });
    expect(verdict({ ...scene, also: (tally, second) => (second === 70 ? hit(tally, 1) : undefined) }).outcome).toBe(
      "contained",
    );
  });

  it("not exercised where a release never reached an instance, unless a gate stopped it", () => {
    const scene: Scene = { events: [began(60)] };
    expect(verdict(scene).outcome).toBe("notExercised");
    const stopped: Scene = {
      events: [began(60), { atMs: 75_000, kind: "gate", analysis: "health", result: "failed" }, gone(80)],
    };
    expect(verdict(stopped)).toMatchObject({
      outcome: "contained",
      reason: "a gate stopped the trigger before it hurt anyone",
    });
  });

  it("notExercised where its own steps pause a rollout before it reached anything: no gate stopped it", () => {
    const paused = {
      atMs: at(61),
      kind: "rollout",
      version: "v2",
      phase: "paused",
      detail: "for good at 0 %",
    } as const;
    expect(verdict({ events: [began(60), paused] })).toMatchObject({ outcome: "notExercised", passed: false });
  });

  it("persisted where the failure outlives the trigger to the end", () => {
    const result = verdict(release(50, 120, 120, 300), expecting({ expect: "persisted" }));
    expect(result).toMatchObject({
      outcome: "persisted",
      passed: true,
      facts: { triggerGone: true, recovered: false },
    });
    expect(result.timesMs).toEqual({ toDetect: null, toMitigate: 60_000, toRecover: null });
  });

  it("persisted where the failure outlives the trigger by more than recoverWithin, contained where it does not", () => {
    const longer = release(50, 120, 120, 181);
    expect(verdict(longer, expecting({ containment: { users: 1 } })).outcome).toBe("persisted");
    expect(verdict(longer, expecting({ containment: { users: 1 } })).timesMs.toRecover).toBe(61_000);
    const allowed = expecting({ containment: { users: 1, recoverWithinMs: 61_000 } });
    expect(verdict(longer, allowed)).toMatchObject({ outcome: "contained", facts: { recovered: true } });
  });

  it("persisted where it recovered for a while and is impacted again at the end", () => {
    const scene = release(50, 120, 120);
    const twice: Scene = {
      ...scene,
      failures: (second) =>
        (second >= 60 && second < 120) || second >= 280 ? [{ service: BACK, cause: ERROR, requests: 50 }] : [],
    };
    expect(verdict(twice, expecting({ containment: { users: 1 } }))).toMatchObject({
      outcome: "persisted",
      facts: { recovered: false },
    });
  });

  it("unmitigated where the trigger and its harm are there at the end", () => {
    const result = verdict(release(50, 300, null), expecting({ expect: "unmitigated" }));
    expect(result).toMatchObject({
      outcome: "unmitigated",
      passed: true,
      facts: { triggerGone: false, recovered: false, escaped: true },
    });
  });

  it("contained where the trigger is still there and harms nobody", () => {
    expect(verdict(release(0, 300, null))).toMatchObject({ outcome: "contained", reason: "nothing was impacted" });
  });

  it("escaped where a service outside the boundary is impacted", () => {
    const scene = release(2, 120, 120);
    const both: Scene = {
      ...scene,
      failures: (second) =>
        second >= 60 && second < 120
          ? [
              { service: BACK, cause: ERROR, requests: 2 },
              { service: FRONT, cause: OVERLOAD, requests: 2 },
            ]
          : [],
    };
    const generous = expecting({ containment: { users: 1 } });
    expect(verdict(both, generous)).toMatchObject({ outcome: "escaped", facts: { escaped: true, recovered: true } });
    expect(verdict(both, generous).reason).toContain("front was impacted, outside the boundary (back)");
    expect(verdict(both, expecting({ containment: { users: 1, within: [BACK, FRONT] } })).outcome).toBe("contained");
    expect(verdict(scene, generous).outcome).toBe("contained");
  });

  it("escaped where more users are affected than allowed", () => {
    const result = verdict(release(50, 120, 120));
    expect(result).toMatchObject({ outcome: "escaped", passed: false });
    expect(result.reason).toContain("% of the users were affected (5 % allowed)");
  });

  it("escaped where more zones are impacted than allowed", () => {
    const scene = release(20, 120, 120);
    expect(verdict(scene, expecting({ containment: { users: 1, zones: 1 } })).outcome).toBe("contained");
    expect(verdict(scene, expecting({ containment: { users: 1, zones: 0 } })).outcome).toBe("escaped");
  });

  it("told with a trigger that says when its version changes nothing, so that nobody takes it for a cure", () => {
    const harmless = smallPlan({ versions: [{ ...smallPlan().versions[0]!, isHarmless: true }] });
    expect(verdict({ plan: harmless }).trigger).toEqual(["release of v2, which changes nothing, to back"]);
    expect(verdict({}).trigger).toEqual(["release of v2 to back"]);
  });

  it("contained where everything impacted lies inside the boundary and recovers in time", () => {
    const result = verdict(release(2, 80, 80));
    expect(result).toMatchObject({
      outcome: "contained",
      passed: true,
      facts: { triggerGone: true, recovered: true, escaped: false },
    });
    expect(result.blastRadius).toMatchObject({ services: ["back"], journeys: ["buy"] });
  });
});

describe("a variant passes", () => {
  it("when its outcome is the expected one and every check holds", () => {
    const check = {
      claim: null,
      metric: "journeys.buy.availability",
      window: { fromMs: 70_000, toMs: 130_000 },
      atLeast: null,
      atMost: 0.6,
    };
    const expectation = expecting({ expect: "escaped", checks: [check] });
    expect(verdict(release(50, 120, 120), expectation)).toMatchObject({
      passed: true,
      checks: [{ passed: true, observed: 0.5, limit: { atMost: 0.6 } }],
    });
    expect(verdict(release(20, 120, 120), expectation)).toMatchObject({
      passed: false,
      outcome: "escaped",
      checks: [{ passed: false, observed: 0.8 }],
    });
  });

  it("not on a metric without data", () => {
    const check = {
      claim: "x",
      metric: "services.back@v2.availability",
      window: { fromMs: 10_000, toMs: 20_000 },
      atLeast: null,
      atMost: 1,
    };
    expect(verdict(release(2, 80, 80), expecting({ checks: [check] }))).toMatchObject({
      passed: false,
      checks: [{ passed: false, observed: null }],
    });
  });
});

describe("a rollback", () => {
  const rollback = { atMs: 100_000, kind: "action", action: "rollback", by: null, cause: "health" } as const;

  it("is spurious where nothing was impacted", () => {
    const scene = release(0, 90, 90);
    expect(verdict({ ...scene, events: [...scene.events!, rollback] }).facts.spuriousRollback).toBe(true);
  });

  it("is not where something was", () => {
    const scene = release(20, 90, 90);
    expect(verdict({ ...scene, events: [...scene.events!, rollback] }).facts.spuriousRollback).toBe(false);
  });
});

describe("without a control run", () => {
  const live = (scene: Scene, plan?: Plan): VariantResult =>
    judge(
      recorded({ ...scene, engine: "live", ...(plan === undefined ? {} : { plan }) }),
      null,
      expecting({ containment: { users: 0.2 } }),
    );

  it("the steady state before the trigger stands for every window", () => {
    const baseline = 1;
    const scene = (extra: number): Scene => ({
      ...release(0, 120, 120),
      failures: (second) => [
        { service: BACK, cause: ERROR, requests: baseline + (second >= 60 && second < 120 ? extra : 0) },
      ],
    });
    expect(live(scene(0))).toMatchObject({ outcome: "contained", blastRadius: { services: [], requestsLost: 0 } });
    expect(live(scene(10))).toMatchObject({
      blastRadius: { services: ["back"], journeys: ["buy"], requestsLost: 600 },
    });
    expect(live(scene(10)).warnings).toEqual([]);
  });

  it("background events after the trigger make the verdict doubtful", () => {
    const plan = smallPlan({ timeline: [...smallPlan().timeline, { ...fault, background: true, atMs: 100_000 }] });
    expect(live(release(10, 120, 120), plan).warnings.map(({ code }) => code)).toEqual(["needs-control"]);
  });
});
