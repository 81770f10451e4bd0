import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { ProbePlan } from "../../harness/model/life-plan.ts";
import { Probe } from "../../harness/service/probe.ts";
import { probePlan } from "./life-plan.ts";

/** Sends every probe as it is due and answers it at once; returns when, and what was then known. */
function answered(plan: ProbePlan, results: readonly boolean[], startMs = 0): [atMs: number, known: boolean | null][] {
  const probe = new Probe(plan, startMs);
  return results.map((isOk) => {
    const atMs = probe.nextMs;
    probe.sent(atMs);
    return [atMs, probe.ended(atMs, isOk)];
  });
}

describe("a probe of Kubernetes", () => {
  it("comes every period from the start on", () => {
    expect(answered(probePlan(), [true, true, true], 3000).map(([atMs]) => atMs)).toEqual([3000, 13_000, 23_000]);
  });

  it("comes at the first tick after its initial delay", () => {
    const plan = probePlan({ initialDelayMs: 15_000 });
    expect(answered(plan, [true, true]).map(([atMs]) => atMs)).toEqual([20_000, 30_000]);
  });

  it("counts after three failures in a row, and after one success", () => {
    const results = [true, false, false, true, false, false, false, false];
    expect(answered(probePlan(), results).map(([, known]) => known)).toEqual([
      true,
      null,
      null,
      true,
      null,
      null,
      false,
      false,
    ]);
  });

  it("keeps one tick that came while another probe was under way", () => {
    const probe = new Probe(probePlan({ periodMs: 1000 }), 0);
    probe.sent(0);
    probe.ended(3500, false);
    expect(probe.nextMs).toBe(3500);
    probe.sent(3500);
    probe.ended(3600, false);
    expect(probe.nextMs).toBe(4000);
  });
});

test("a row of results comes to what the kubelet's worker makes of it, for every row", () => {
  const thresholds = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(thresholds, thresholds, fc.array(fc.boolean()), (failureThreshold, successThreshold, results) => {
      const known = answered(probePlan({ failureThreshold, successThreshold }), results).map(([, each]) => each);
      expect(known).toEqual(kubelet(results, failureThreshold, successThreshold));
    }),
  );
});

/** The last part of doProbe in worker.go, as it reads. */
function kubelet(results: readonly boolean[], failureThreshold: number, successThreshold: number): (boolean | null)[] {
  let last: boolean | undefined;
  let run = 0;
  return results.map((result) => {
    if (last === result) run++;
    else {
      last = result;
      run = 1;
    }
    if ((!result && run < failureThreshold) || (result && run < successThreshold)) return null;
    return result;
  });
}
