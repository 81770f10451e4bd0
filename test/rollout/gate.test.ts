import { expect, test } from "vitest";
import type { AnalysisPlan } from "../../harness/model/release-plan.ts";
import type { Measure } from "../../harness/rollout/gate.ts";
import { Gate } from "../../harness/rollout/gate.ts";

const plan = (changes: Partial<AnalysisPlan> = {}): AnalysisPlan => ({
  name: "health",
  intervalMs: 10,
  count: 4,
  failureLimit: 1,
  initialDelayMs: 5,
  onNoData: "pause",
  metrics: [{ metric: "m", overMs: 20, limit: { atLeast: 0.9, atMost: null, relativeToStable: false } }],
  ...changes,
});

/** Runs a gate on a list of values; the result with the time it came, and the measurements it took. */
function judge(analysis: AnalysisPlan, values: readonly (number | null)[], stable: number | null = null) {
  const gate = new Gate(analysis, 100);
  const times: number[] = [];
  for (;;) {
    const atMs = gate.nextWakeup();
    const measure: Measure = (_metric, overMs, at, of) => {
      expect([overMs, at]).toEqual([20, atMs]);
      return of === "stable" ? stable : values[times.length]!;
    };
    const { result } = gate.measure(atMs, measure);
    times.push(atMs);
    if (result !== null) {
      expect(gate.nextWakeup()).toBe(Infinity);
      return { result, times };
    }
  }
}

test("it measures every interval after its initial delay, and passes after its count", () => {
  expect(judge(plan(), [1, 1, 1, 1])).toEqual({ result: "passed", times: [115, 125, 135, 145] });
});

test("it fails as soon as more measurements failed than the limit; as many are still fine", () => {
  expect(judge(plan(), [0.5, 1, 0.5, 1])).toEqual({ result: "failed", times: [115, 125, 135] });
  expect(judge(plan(), [0.5, 1, 1, 1]).result).toBe("passed");
  expect(judge(plan({ failureLimit: 0 }), [0.5])).toEqual({ result: "failed", times: [115] });
});

test("failures count per metric, not together", () => {
  const metric = plan().metrics[0]!;
  const gate = new Gate(plan({ metrics: [metric, { ...metric, metric: "n" }] }), 0);
  const bad =
    (of: string): Measure =>
    (name) =>
      name === of ? 0 : 1;
  expect(gate.measure(gate.nextWakeup(), bad("m")).result).toBeNull();
  expect(gate.measure(gate.nextWakeup(), bad("n")).result).toBeNull();
  expect(gate.measure(gate.nextWakeup(), bad("n")).result).toBe("failed");
});

test("no data: pause makes it inconclusive, abort fails it, ignore goes on", () => {
  expect(judge(plan({ onNoData: "pause" }), [1, null])).toEqual({ result: "inconclusive", times: [115, 125] });
  expect(judge(plan({ onNoData: "abort" }), [1, null])).toEqual({ result: "failed", times: [115, 125] });
  expect(judge(plan({ onNoData: "ignore" }), [1, null, null, null]).result).toBe("passed");
});

test("a failure that is over the limit outweighs missing data", () => {
  const metric = plan().metrics[0]!;
  const gate = new Gate(plan({ failureLimit: 0, metrics: [metric, { ...metric, metric: "n" }] }), 0);
  expect(gate.measure(15, (name) => (name === "m" ? 0 : null)).result).toBe("failed");
});

test("a relative limit without the stable value is no data", () => {
  const limit = { atLeast: null, atMost: 1.2, relativeToStable: true };
  const relative = plan({ metrics: [{ metric: "m", overMs: 20, limit }] });
  expect(judge(relative, [120, 120, 120, 120], 100).result).toBe("passed");
  expect(judge(relative, [121, 121], 100).result).toBe("failed");
  expect(judge(relative, [121], null).result).toBe("inconclusive");
});
