import { describe, expect, it } from "vitest";
import { ERROR, OK, WRONG } from "../../harness/model/outcome.ts";
import type { VariantPlan } from "../../harness/model/service-plan.ts";
import { LoneInstance, SELF } from "./lone-instance.ts";
import { variantPlan, work } from "./variant-plan.ts";

const broken = (share: number, cause: "error" | "wrong", operation: number | null = null): Partial<VariantPlan> => ({
  pool: { model: "threads", concurrency: null, queueCapacity: null },
  errors: [{ share, cause, status: cause === "error" ? 500 : 200, operation, site: 77 }],
});

describe("a version's errors", () => {
  it("come after the work, to the share of requests that they say, and to the same requests each time", () => {
    const failed = (share: number): Set<number> => {
      const instance = new LoneInstance(variantPlan([work(10)], broken(share, "error")));
      for (let key = 0; key < 10_000; key++) instance.arrive({ key });
      instance.pass(10);
      expect(
        instance.ended.every(({ atMs, status, cause }) => atMs === 10 && status === (cause === OK ? 200 : 500)),
      ).toBe(true);
      return new Set(instance.ended.filter(({ cause }) => cause === ERROR).map(({ key }) => key));
    };
    const some = failed(0.05);
    // Binomial: 500 ± 5 standard deviations of 21.8.
    expect(Math.abs(some.size - 500)).toBeLessThan(109);
    expect(failed(0.05)).toEqual(some);
    expect(some.isSubsetOf(failed(0.2))).toBe(true);
  });

  it("can be false answers that look well", () => {
    const instance = new LoneInstance(variantPlan([work(10)], broken(1, "wrong")));
    instance.arrive();
    instance.pass(10);
    expect(instance.ended).toMatchObject([{ cause: WRONG, status: 200, origin: [SELF, WRONG] }]);
  });

  it("can be those of one operation", () => {
    const operations = [{ steps: [] }, { steps: [] }];
    const instance = new LoneInstance(variantPlan([], { ...broken(1, "error", 1), operations }));
    instance.arrive({ operation: 0 });
    instance.arrive({ operation: 1 });
    expect(instance.ended.map(({ cause }) => cause)).toEqual([OK, ERROR]);
  });
});
