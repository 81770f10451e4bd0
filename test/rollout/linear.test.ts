import { describe, expect, it } from "vitest";
import type { ResponsePlan, RolloutPlan } from "../../harness/model/release-plan.ts";
import { MemoryFleet } from "../engine/memory-fleet.ts";
import { smallPlan } from "../engine/small-plan.ts";
import type { SmallPlanOptions } from "../engine/small-plan.ts";

function rehearse(rollout: Extract<RolloutPlan, { kind: "linear" }>, options: SmallPlanOptions = {}): MemoryFleet {
  return new MemoryFleet(smallPlan({ replicasPerZone: [10], rollout, ...options }), { drainMs: 1000 });
}

const starts = (fleet: MemoryFleet): number[] =>
  fleet.events.flatMap((event) => (event.kind === "instance" && event.state === "starting" ? [event.atMs / 1000] : []));

describe("a linear rollout", () => {
  it("brings an equal share every so often, the first at once", () => {
    const fleet = rehearse({ kind: "linear", step: 20, everyMs: 60_000, upTo: 100 }).run();
    expect(starts(fleet)).toEqual([10, 10, 70, 70, 130, 130, 190, 190, 250, 250]);
    expect(fleet.variants()).toEqual([0, 10]);
    expect(fleet.phases().at(-1)).toMatch(/succeeded$/);
  });

  it("rounds what has come in all up, so that the steps are as even as whole instances can be", () => {
    const fleet = rehearse({ kind: "linear", step: 25, everyMs: 60_000, upTo: 100 }).run();
    expect(starts(fleet)).toEqual([10, 10, 10, 70, 70, 130, 130, 130, 190, 190]);
  });

  it("stops at its share, which is the end of its trigger only where the version does nothing by being there", () => {
    const fleet = rehearse({ kind: "linear", step: 3, everyMs: 30_000, upTo: 36 }).run();
    expect(fleet.variants()).toEqual([6, 4]);
    expect(fleet.phases().at(-1)).toMatch(/paused$/);
    expect(fleet.triggers()).toEqual(["10000 began"]);
    const harmless = rehearse({ kind: "linear", step: 3, everyMs: 30_000, upTo: 36 }, { isHarmless: true }).run();
    expect(harmless.triggers()).toHaveLength(2);
  });

  it("never has fewer ready instances than it had", () => {
    const fleet = rehearse({ kind: "linear", step: 50, everyMs: 30_000, upTo: 100 }).run();
    expect(Math.min(...fleet.routes.map(({ route }) => route.endpoints.length))).toBe(10);
  });

  it("is taken back at once", () => {
    const rollback: ResponsePlan = { when: { type: "at", atMs: 100_000 }, by: null, actions: ["rollback"] };
    const fleet = rehearse({ kind: "linear", step: 20, everyMs: 60_000, upTo: 100 }, { responses: [rollback] }).run();
    expect(starts(fleet).slice(4)).toEqual([100, 100, 100, 100]);
    expect(fleet.variants()).toEqual([10, 0]);
  });
});
