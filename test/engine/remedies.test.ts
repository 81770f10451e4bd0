// Runbook actions at their times: what they make of the fleet, of releases and of the people of loads.
import { describe, expect, it } from "vitest";
import type { AlertPlan, ResponsePlan } from "../../harness/model/release-plan.ts";
import type { RemedyAction } from "../../harness/model/remedy-plan.ts";
import { MemoryFleet } from "./memory-fleet.ts";
import { smallPlan } from "./small-plan.ts";
import type { SmallPlanOptions } from "./small-plan.ts";

const at = (seconds: number): ResponsePlan => ({
  when: { type: "at", atMs: seconds * 1000 },
  by: null,
  actions: ["cure"],
});

function rehearse(remedy: RemedyAction, options: SmallPlanOptions = {}, responses = [at(100)]): MemoryFleet {
  const plan = smallPlan({ timeline: [], responses, ...options, remedies: [{ name: "cure", ...remedy }] });
  return new MemoryFleet(plan, { drainMs: 2000 });
}

const started = (fleet: MemoryFleet): string[] =>
  fleet.story("instance", ({ instance, state }) => `${instance} ${state}`).filter((line) => line.endsWith("starting"));

describe("a remedy", () => {
  it("acts at its time, and the recording says who did what and why", () => {
    const fleet = rehearse({ do: "pauseLoad", load: 0, forMs: 5000 }).run();
    expect(fleet.story("action", ({ action, by, cause }) => `${action} ${by} ${cause}`)).toEqual([
      "100000 cure null schedule: 100 s",
    ]);
    expect(fleet.orders).toEqual([{ atMs: 100_000, order: { do: "pause", load: 0, untilMs: 105_000 } }]);
  });

  it("acts once each time its alert fires, though the alert goes on firing", () => {
    const burn: AlertPlan = {
      name: "burn",
      pages: null,
      condition: { type: "burnRate", journey: 0, longMs: 5000, shortMs: 5000, burnRate: 10 },
    };
    const rule: ResponsePlan = { when: { type: "alert", alert: 0 }, by: null, actions: ["cure"] };
    const plan = smallPlan({
      timeline: [],
      alerts: [burn],
      responses: [rule],
      remedies: [{ name: "cure", do: "admit", load: 0, share: 0.5, overMs: 0 }],
    });
    const bad = (_variant: number, second: number): number => ((second > 50 && second < 90) || second > 200 ? 1 : 0);
    const fleet = new MemoryFleet(plan, { bad }).run();
    expect(fleet.story("alert", ({ state }) => state).filter((line) => line.endsWith("firing"))).toHaveLength(2);
    expect(fleet.orders).toHaveLength(2);
  });

  it("of a firewall tells when the people are let in again", () => {
    const fleet = rehearse({ do: "disconnect", service: 0, forMs: 60_000, readmitOverMs: 300_000 }).run();
    const order = { do: "disconnect", service: 0, readmitFromMs: 160_000, readmitOverMs: 300_000 };
    expect(fleet.orders).toEqual([{ atMs: 100_000, order }]);
  });
});

describe("a restart", () => {
  it("takes as many at once as it is told, and goes on when they are ready", () => {
    const fleet = rehearse({ do: "restart", service: 0, atOnce: { count: 2 } }).run();
    // Callers know after a second that two have gone, those drain for two more, and their successors start for five.
    expect(started(fleet)).toEqual([
      "103000 shop#4 starting",
      "103000 shop#5 starting",
      "111000 shop#6 starting",
      "111000 shop#7 starting",
    ]);
    expect(fleet.variants()).toEqual([4, 0]);
  });

  it("takes all of them where nobody says otherwise", () => {
    const fleet = rehearse({ do: "restart", service: 0, atOnce: { ratio: 1 } }).run(104_000);
    expect(started(fleet)).toHaveLength(4);
    expect(fleet.latestRoute().endpoints).toEqual([]);
  });

  it("leaves the version of each instance as it was", () => {
    const release = { do: "release", atMs: 10_000, version: 0, background: false } as const;
    const rollout = { kind: "everywhere", overMs: 0 } as const;
    const fleet = rehearse({ do: "restart", service: 0, atOnce: { ratio: 0.25 } }, { timeline: [release], rollout });
    expect(fleet.run().variants()).toEqual([0, 4]);
  });
});

describe("a flush", () => {
  const flushes = (fleet: MemoryFleet): string[] => fleet.commands.filter((command) => command.includes(" flush "));

  it("reaches every instance, once", () => {
    const fleet = rehearse({ do: "flush", service: 0 }).run();
    expect(flushes(fleet)).toEqual(["100000 flush 0", "100000 flush 1", "100000 flush 2", "100000 flush 3"]);
  });

  it("leaves those alone that are going", () => {
    const release = { do: "release", atMs: 94_500, version: 0, background: false } as const;
    const fleet = rehearse(
      { do: "flush", service: 0 },
      { timeline: [release], rollout: { kind: "everywhere", overMs: 0 } },
    );
    expect(flushes(fleet.run(101_000))).toEqual([
      "100000 flush 4",
      "100000 flush 5",
      "100000 flush 6",
      "100000 flush 7",
    ]);
  });
});

describe("a change", () => {
  const variantOne = { service: 0, variant: 1, replicasPerZone: null };

  it("replaces every instance, spread over its time", () => {
    const fleet = rehearse({ do: "change", changes: [variantOne], overMs: 40_000 }).run();
    expect(started(fleet).map((line) => line.split(" ")[0])).toEqual(["100000", "110000", "120000", "130000"]);
    expect(fleet.variants()).toEqual([0, 4]);
    // It is no trigger.
    expect(fleet.triggers()).toEqual([]);
  });

  it("of the size starts instances one after the other, of the version that is there", () => {
    const change = { service: 0, variant: null, replicasPerZone: [6] };
    const fleet = rehearse({ do: "change", changes: [change], overMs: 20_000 }).run();
    expect(started(fleet)).toEqual(["100000 shop#4 starting", "110000 shop#5 starting"]);
    expect(fleet.variants()).toEqual([6, 0]);
  });

  it("of the size stops instances, too", () => {
    const fleet = rehearse({ do: "change", changes: [{ service: 0, variant: null, replicasPerZone: [1] }], overMs: 0 });
    expect(fleet.run().variants()).toEqual([1, 0]);
  });

  it("of both brings the new version at the new size", () => {
    const fleet = rehearse({ do: "change", changes: [{ ...variantOne, replicasPerZone: [8] }], overMs: 0 }).run();
    expect(fleet.variants()).toEqual([0, 8]);
  });

  it("keeps the new size for the releases that follow", () => {
    const release = { do: "release", atMs: 200_000, version: 0, background: false } as const;
    const rollout = { kind: "everywhere", overMs: 0 } as const;
    const grow = { service: 0, variant: null, replicasPerZone: [6] };
    const fleet = rehearse({ do: "change", changes: [grow], overMs: 0 }, { timeline: [release], rollout });
    expect(fleet.run().variants()).toEqual([0, 6]);
  });
});

describe("a pause of a release", () => {
  const release = { do: "release", atMs: 10_000, version: 0, background: false } as const;
  const rollout = { kind: "everywhere", overMs: 200_000 } as const;
  const half: SmallPlanOptions = { timeline: [release], rollout };

  it("leaves the fleet between both versions, for good where nobody says how long", () => {
    const fleet = rehearse({ do: "pauseRelease", version: 0, forMs: null }, half).run();
    expect(fleet.variants()).toEqual([2, 2]);
    expect(fleet.phases().at(-1)).toBe("100000 paused");
  });

  it("ends by itself, and the rollout goes on", () => {
    const fleet = rehearse({ do: "pauseRelease", version: 0, forMs: 150_000 }, half).run();
    expect(started(fleet).map((line) => line.split(" ")[0])).toEqual(["10000", "60000", "250000", "250000"]);
    expect(fleet.variants()).toEqual([0, 4]);
  });

  it("does not stand in the way of a rollback", () => {
    const rollback: ResponsePlan = { when: { type: "at", atMs: 150_000 }, by: null, actions: ["rollback"] };
    const fleet = rehearse({ do: "pauseRelease", version: 0, forMs: null }, half, [at(100), rollback]).run();
    expect(fleet.variants()).toEqual([4, 0]);
  });
});
