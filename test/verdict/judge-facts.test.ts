// The judge, continued: times, facts, and a run that ended early.
import { describe, expect, it } from "vitest";
import { ERROR } from "../../harness/model/outcome.ts";
import { EDGE, EDGE_WIDTH, SERVICE, SERVICE_WIDTH } from "../../harness/signals/columns.ts";
import { BACK, smallPlan, USERS_FRONT } from "../signals/small-plan.ts";
import { base, during, verdict } from "./judged-scene.ts";
import { at, began, failing, gone } from "./synthetic-run.ts";

describe("the times", () => {
  it("run from the trigger to the first alert or failed gate, to its end, and from there to recovery", () => {
    const events = [
      began(60),
      { atMs: at(61), kind: "gate", analysis: "health", result: "passed" },
      { atMs: at(75), kind: "alert", alert: "burn", state: "firing", value: 20 },
      { atMs: at(80), kind: "gate", analysis: "health", result: "failed" },
      gone(120),
    ] as const;
    expect(verdict({ events, failures: failing(BACK, ERROR, 50, 60, 133) }).timesMs).toEqual({
      toDetect: 15_000,
      toMitigate: 60_000,
      toRecover: 13_000,
    });
  });

  it("begin with the first start and end with the last end", () => {
    const events = [began(60), gone(70), { atMs: at(100), kind: "trigger", state: "returned" }, gone(120)] as const;
    expect(verdict({ events, failures: failing(BACK, ERROR, 50, 60, 120) }).timesMs.toMitigate).toBe(60_000);
  });

  it("know no recovery from what never ended", () => {
    expect(verdict({ events: [began(60)], failures: failing(BACK, ERROR, 50, 60, 300) }).timesMs).toEqual({
      toDetect: null,
      toMitigate: null,
      toRecover: null,
    });
  });
});

describe("beside the outcome", () => {
  it("stands the new version's share of the requests while it was there", () => {
    expect(verdict({ weight: (second) => (second >= 60 && second < 120 ? 0.3 : 0) }).exposure).toBeCloseTo(0.3);
  });

  it("stands the amplification while something was impacted", () => {
    const { amplification } = verdict({
      failures: failing(BACK, ERROR, 50, 60, 120),
      also: during((tally) => (tally.edges[USERS_FRONT * EDGE_WIDTH + EDGE.attempts]! += 300)),
    });
    expect(amplification).toEqual({ "users -> front": 4, "front -> back": 1, "front -> side": 1, users: 4 });
  });

  it("stands what users felt before and after each action", () => {
    const events = [
      ...base.events!,
      { atMs: at(100), kind: "action", action: "rollback", by: "shop", cause: "burn" },
    ] as const;
    const { actions } = verdict({ events, failures: failing(BACK, ERROR, 50, 60, 105) });
    expect(actions).toEqual([
      { atMs: 100_000, do: "rollback", by: "shop", cause: "burn", badBefore: 0.5, badAfter: 0.25 },
    ]);
  });

  it("stand tables that obey Little's law", () => {
    const { services, journeys, calls, load, zones } = verdict({
      failures: failing(BACK, ERROR, 50, 60, 120),
      also: (tally) => {
        for (let n = 0; n < 100; n++) tally.serviceLatency.record(0, 10);
        tally.services[SERVICE.latencyMs]! += 1000;
        tally.services[0 + SERVICE_WIDTH + SERVICE.inSystemMs]! += 0;
      },
    });
    expect(services["front"]!.meanInSystem).toBeCloseTo(
      (services["front"]!.requests / 300) * (services["front"]!.latencyMs!.mean / 1000),
    );
    expect(services["back"]).toMatchObject({
      requests: 30_000,
      bad: { error: 3000 },
      availability: 0.9,
      utilization: { workers: null, cpu: null },
      attempts: 30_000,
    });
    expect(journeys["buy"]).toMatchObject({ requests: 30_000, availability: 0.9, bad: { error: 3000 } });
    expect(journeys["buy"]!.latencyMs!.p50).toBeCloseTo(20, 0);
    expect(calls["front -> back"]).toMatchObject({
      calls: 30_000,
      attempts: 30_000,
      amplification: 1,
      availability: 0.9,
    });
    expect(load["users"]).toEqual({ requests: 30_000, ratePerSecond: 100, amplification: 1 });
    expect(zones["south"]!.bad).toEqual({});
  });
});

describe("an interrupted run", () => {
  it("is judged as far as it went, and says so", () => {
    const result = verdict({
      seconds: 100,
      end: { reason: "interrupted", atMs: at(100) },
      events: [began(60)],
      failures: failing(BACK, ERROR, 50, 60, 120),
    });
    expect(result.outcome).toBe("unmitigated");
    expect(result.warnings.map(({ code }) => code)).toEqual(["interrupted"]);
  });

  it("has not lost what it never came to", () => {
    const { blastRadius } = verdict({
      seconds: 105,
      end: { reason: "interrupted", atMs: at(105) },
      events: [began(60)],
      failures: failing(BACK, ERROR, 50, 60, 120),
    });
    // 50 of 100 requests a second, over the four whole windows.
    expect(blastRadius).toMatchObject({ requestsLost: 2000, budgetMinutes: expect.closeTo((0.5 * 40) / 60) });
  });
});

describe("the budget", () => {
  it("counts a last window that is shorter than the others for as long as it is", () => {
    const plan = smallPlan({ endMs: 135_000 });
    const { blastRadius } = verdict({ plan, events: [began(60)], failures: failing(BACK, ERROR, 50, 60, 300) });
    expect(blastRadius).toMatchObject({ requestsLost: 3250, budgetMinutes: expect.closeTo((0.5 * 65) / 60) });
  });
});
