// Shedding by how busy an instance was, and by what matters less.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UtilizationPlan } from "../../harness/model/admission-plan.ts";
import { CRITICAL, CRITICALITIES } from "../../harness/model/criticality.ts";
import { OK, SHED } from "../../harness/model/outcome.ts";
import { UtilizationShedder } from "../../harness/service/utilization-shedder.ts";
import { LoneInstance, SELF } from "./lone-instance.ts";
import { variantPlan, work } from "./variant-plan.ts";

const SHEDDABLE = CRITICALITIES.indexOf("sheddable");
const PLAN: UtilizationPlan = {
  type: "utilization",
  of: "workers",
  refreshIntervalMs: 100,
  thresholds: [null, 0.9, 0.8, 0.5],
};

function refused(shedder: UtilizationShedder): string[] {
  return CRITICALITIES.filter((_, criticality) => shedder.refuses(criticality));
}

describe("shedding by utilisation", () => {
  it("refuses the less critical first, by what the last window showed", () => {
    const shedder = new UtilizationShedder(PLAN, 0);
    shedder.advance(50, 1, 0);
    expect(refused(shedder)).toEqual([]);
    // 50 ms of 1 and 50 of 0: just half.
    shedder.advance(110, 0, 0);
    expect(refused(shedder)).toEqual(["sheddable"]);
    shedder.advance(199, 1, 0);
    expect(refused(shedder)).toEqual(["sheddable"]);
    shedder.advance(200, 1, 0);
    expect(refused(shedder)).toEqual(["critical", "sheddablePlus", "sheddable"]);
    shedder.advance(500, 0, 0);
    expect(refused(shedder)).toEqual([]);
  });

  it("goes by the cores where it is asked to", () => {
    const shedder = new UtilizationShedder({ ...PLAN, of: "cpu" }, 0);
    shedder.advance(100, 1, 0.6);
    expect(refused(shedder)).toEqual(["sheddable"]);
  });

  it("refuses nobody while it refuses somebody who matters less, over any history", () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 350 }),
      busy: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const shedder = new UtilizationShedder(PLAN, 0);
        const history: { fromMs: number; toMs: number; busy: number }[] = [];
        let nowMs = 0;
        for (const { afterMs, busy } of steps) {
          history.push({ fromMs: nowMs, toMs: nowMs + afterMs, busy });
          nowMs += afterMs;
          shedder.advance(nowMs, busy, 0);
          const endsMs = Math.floor(nowMs / 100) * 100;
          const covered = history.map((each) => {
            const ms = Math.min(each.toMs, endsMs) - Math.max(each.fromMs, endsMs - 100);
            return Math.max(0, ms) * each.busy;
          });
          const utilization = endsMs === 0 ? 0 : covered.reduce((sum, each) => sum + each, 0) / 100;
          for (const [criticality, threshold] of PLAN.thresholds.entries()) {
            if (Math.abs(utilization - (threshold ?? 2)) < 1e-9) continue;
            expect(shedder.refuses(criticality)).toBe(utilization >= (threshold ?? Infinity));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("an instance that sheds", () => {
  it("answers with `shed`, without a worker and at once", () => {
    const instance = new LoneInstance(variantPlan([work(100)], { admission: PLAN }));
    const { visits } = instance.machine;
    instance.arrive({ key: 1 });
    instance.pass(150);
    instance.arrive({ key: 2 });
    const held = instance.hold({ key: 3 });
    visits.criticality[held] = SHEDDABLE;
    instance.admit(held);
    expect(instance.ended.at(-1)).toMatchObject({ key: 3, atMs: 150, cause: SHED, status: 503, origin: [SELF, SHED] });
    // What nobody has said anything about is critical, and the window was full: that is refused, too.
    expect(visits.criticality[instance.hold({ key: 4 })]).toBe(CRITICAL);
    expect(instance.outcomes[1]).toEqual([2, 150, SHED]);
    instance.pass(350);
    instance.arrive({ key: 5 });
    instance.pass(500);
    expect(instance.outcomes.at(-1)).toEqual([5, 450, OK]);
  });
});
