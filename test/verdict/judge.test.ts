import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CANCELLED, ERROR, OK, SLOW, TIMEOUT } from "../../harness/model/outcome.ts";
import { EDGE, EDGE_WIDTH, JOURNEY, SERVICE } from "../../harness/signals/columns.ts";
import type { Tally } from "../../harness/signals/tally.ts";
import { judge } from "../../harness/verdict/judge.ts";
import type { VariantResult } from "../../harness/verdict/result.ts";
import { windowGridOf } from "../../harness/verdict/window-grid.ts";
import { BACK, FRONT, FRONT_BACK, FRONT_SIDE, SIDE, smallPlan, USERS_FRONT } from "../signals/small-plan.ts";
import { base, during, verdict } from "./judged-scene.ts";
import type { Failure } from "./synthetic-run.ts";
import { began, controlOf, expecting, failing, gone, recorded } from "./synthetic-run.ts";

describe("a service is impacted", () => {
  it("by failures that originate in it, not by those it passes on", () => {
    const result = verdict({ failures: failing(BACK, ERROR, 20, 60, 120) });
    expect(result.blastRadius.services).toEqual(["back"]);
    expect(result.propagation).toEqual([{ service: "back", atMs: 60_000, via: null, cause: "error" }]);
    expect(result.origins).toEqual([{ service: "back", cause: "error", requests: 1200 }]);
  });

  it("by timeouts as far as it gave the requests up itself, and its callee by the rest", () => {
    const timedOut = failing(FRONT, TIMEOUT, 20, 60, 120);
    const blame = (own: number, waiting: number): VariantResult =>
      verdict({
        failures: timedOut,
        also: during((tally) => {
          tally.services[SERVICE.abandoned]! += own + waiting;
          tally.services[SERVICE.abandonedOwn]! += own;
          tally.edges[FRONT_BACK * EDGE_WIDTH + EDGE.abandonedWaiting]! += waiting;
        }),
      });
    expect(blame(20, 0).blastRadius.services).toEqual(["front"]);
    expect(blame(0, 20).blastRadius.services).toEqual(["back"]);
    expect(blame(0, 20).origins).toEqual([{ service: "back", cause: "timeout", requests: 1200 }]);
    expect(blame(10, 10).blastRadius.services.toSorted()).toEqual(["back", "front"]);
  });

  it("by the slowness that users felt and that it is to blame for", () => {
    const result = verdict({
      also: during((tally) => {
        tally.journeys[JOURNEY.outcome + OK]! -= 30;
        tally.journeys[JOURNEY.outcome + SLOW]! += 30;
        for (let user = 0; user < 30; user++) tally.bad(0, user, SIDE, SLOW);
      }),
    });
    expect(result.blastRadius).toMatchObject({ services: ["side"], journeys: ["buy"] });
    expect(result.propagation[0]).toMatchObject({ cause: "slow" });
  });

  it("not by attempts that its caller cancelled", () => {
    const result = verdict({
      also: during((tally) => (tally.edges[FRONT_SIDE * EDGE_WIDTH + EDGE.attemptPassed + CANCELLED]! += 50)),
    });
    expect(result.blastRadius.services).toEqual([]);
  });

  it("not by what goes wrong in the control just the same", () => {
    const failures = failing(BACK, ERROR, 1, 0, 300);
    expect(verdict({ failures }, { failures }).blastRadius).toEqual({
      services: [],
      journeys: [],
      zones: [],
      usersAffected: 0,
      requestsLost: 0,
      budgetMinutes: 0,
    });
  });
});

describe("a journey is impacted", () => {
  it("only beyond its objective's allowance", () => {
    const lenient = {
      ...smallPlan(),
      journeys: [{ ...smallPlan().journeys[0]!, objective: { good: 0.8, withinMs: null } }],
    };
    expect(verdict({ plan: lenient, failures: failing(BACK, ERROR, 20, 60, 120) }).blastRadius).toMatchObject({
      services: ["back"],
      journeys: [],
    });
    expect(verdict({ plan: lenient, failures: failing(BACK, ERROR, 21, 60, 120) }).blastRadius.journeys).toEqual([
      "buy",
    ]);
  });

  it("in windows of 10 s: what is thinner than that does not count", () => {
    // 4 bad requests in each of six windows, then 6 in one of them (0.6 % of 1000 requests; 3 SE are 0.73 %), then 12.
    const thin =
      (count: number) =>
      (second: number): Failure[] =>
        second >= 60 && second < 120 && second % 10 === 5 ? [{ service: BACK, cause: ERROR, requests: count }] : [];
    const strict = {
      ...smallPlan(),
      journeys: [{ ...smallPlan().journeys[0]!, objective: { good: 0.999, withinMs: null } }],
    };
    expect(verdict({ plan: strict, failures: thin(4) }).journeysHit).toEqual([]);
    expect(verdict({ plan: strict, failures: thin(6) }).journeysHit).toEqual([]);
    expect(verdict({ plan: strict, failures: thin(12) }).journeysHit).toEqual([
      { journey: "buy", atMs: 65_000, worst: 0.012 },
    ]);
  });
});

describe("the measurement window", () => {
  it("is 10 s of the real pace and never less than a second", () => {
    expect(windowGridOf(smallPlan())).toEqual({
      windowMs: 10_000,
      bucketsPerWindow: 10,
      firstBucket: 10,
      windowCount: 30,
    });
    expect(windowGridOf(smallPlan({ compress: 4 })).windowMs).toBe(3000);
    expect(windowGridOf(smallPlan({ compress: 60 })).windowMs).toBe(1000);
    expect(windowGridOf(smallPlan({ compress: 60, bucketMs: 250 })).windowMs).toBe(1000);
    expect(windowGridOf(smallPlan({ endMs: 315_000 })).windowCount).toBe(31);
  });
});

describe("the blast radius", () => {
  it("counts users with a bad request while their journey was impacted, each once", () => {
    // Users come round every 10 s; the same 20 of each hundred fail every time: 20 % of all users.
    expect(verdict({ failures: failing(BACK, ERROR, 20, 60, 120) }).blastRadius.usersAffected).toBeCloseTo(0.2);
    expect(verdict({ failures: failing(BACK, ERROR, 20, 60, 65) }).blastRadius.usersAffected).toBeCloseTo(0.1);
  });

  it("takes off the share that the control has over the same windows", () => {
    // Five others of each hundred fail anyway.
    const anyway = (tally: Tally, second: number): void => {
      tally.journeys[JOURNEY.outcome + OK]! -= 1;
      tally.journeys[JOURNEY.outcome + ERROR]! += 1;
      tally.bad(0, ((second + 100) * 100 + 99) % 1000, BACK, ERROR);
    };
    const scene = { ...base, failures: failing(BACK, ERROR, 20, 60, 120), also: anyway };
    const { timeline: _, ...rest } = smallPlan();
    const control = recorded({ plan: { ...rest, timeline: [], isControl: true }, also: anyway });
    expect(judge(recorded(scene), control, expecting()).blastRadius.usersAffected).toBeCloseTo(0.2);
  });

  it("counts what was lost against the control, in requests and in minutes of full outage", () => {
    const { blastRadius } = verdict({ failures: failing(BACK, ERROR, 50, 60, 120) });
    expect(blastRadius.requestsLost).toBe(3000);
    expect(blastRadius.budgetMinutes).toBeCloseTo(0.5);
  });

  it("names the zones where requests failed", () => {
    expect(verdict({ failures: failing(BACK, ERROR, 20, 60, 120) }).blastRadius.zones).toEqual(["north"]);
  });
});

describe("the propagation", () => {
  const both = (second: number): Failure[] => {
    const failures: Failure[] = [];
    if (second >= 60 && second < 120) failures.push({ service: BACK, cause: ERROR, requests: 20 });
    if (second >= 67 && second < 120) failures.push({ service: FRONT, cause: TIMEOUT, requests: 20 });
    return failures;
  };

  it("orders services by when they began to fail, to the second", () => {
    const { propagation } = verdict({ failures: both });
    expect(propagation.map(({ service, atMs }) => [service, atMs])).toEqual([
      ["back", 60_000],
      ["front", 67_000],
    ]);
  });

  it("names the call on which a service waited longer than in the control", () => {
    const { propagation } = verdict({
      failures: both,
      also: during((tally) => (tally.edges[FRONT_BACK * EDGE_WIDTH + EDGE.latencyMs]! += 50_000)),
    });
    expect(propagation[1]).toMatchObject({ service: "front", via: "front -> back" });
  });

  it("names the call by which its callers sent it more than in the control", () => {
    const { propagation } = verdict({
      failures: both,
      also: during((tally) => (tally.edges[USERS_FRONT * EDGE_WIDTH + EDGE.attempts]! += 300)),
    });
    expect(propagation[1]).toMatchObject({ service: "front", via: "users -> front" });
  });
});

describe("whatever happens", () => {
  const failure = fc.record({
    service: fc.constantFrom(FRONT, BACK, SIDE),
    cause: fc.integer({ min: 1, max: 13 }),
    requests: fc.nat(30),
  });
  const history = fc.array(fc.array(failure, { maxLength: 3 }), { minLength: 60, maxLength: 60 });
  const plan = smallPlan({ endMs: 70_000, timeline: [{ do: "release", atMs: 30_000, version: 0, background: false }] });

  it("a run is never impacted against itself", () => {
    fc.assert(
      fc.property(history, (failures) => {
        const recording = recorded({
          plan,
          failures: (second) => failures[second] ?? [],
          events: [began(20), gone(40)],
        });
        const { blastRadius, facts } = judge(recording, recording, expecting());
        expect(blastRadius).toEqual({
          services: [],
          journeys: [],
          zones: [],
          usersAffected: 0,
          requestsLost: 0,
          budgetMinutes: 0,
        });
        expect(facts).toMatchObject({ escaped: false, recovered: true });
      }),
      { numRuns: 30 },
    );
  });

  it("every number of a verdict is finite and in its range", () => {
    fc.assert(
      fc.property(history, history, (failures, others) => {
        const run = recorded({ plan, failures: (second) => failures[second] ?? [], events: [began(20), gone(40)] });
        const result = judge(run, controlOf({ plan, failures: (second) => others[second] ?? [] }), expecting());
        const text = JSON.stringify(result, (_, value: unknown) =>
          typeof value === "number" && !Number.isFinite(value) ? "broken" : value,
        );
        expect(text).not.toContain("broken");
        expect(result.blastRadius.usersAffected).toBeGreaterThanOrEqual(0);
        expect(result.blastRadius.usersAffected).toBeLessThanOrEqual(1);
        expect(result.exposure).toBeLessThanOrEqual(1);
      }),
      { numRuns: 30 },
    );
  });
});
