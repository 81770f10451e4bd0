import { expect, it } from "vitest";
import { ERROR } from "../../harness/model/outcome.ts";
import { observedRun } from "../../harness/verdict/observer.ts";
import { BACK } from "../signals/small-plan.ts";
import { failing, recorded } from "./synthetic-run.ts";

const checks = [
  { claim: null, metric: "journeys.buy.availability", window: null, atLeast: 0.99, atMost: null },
  {
    claim: null,
    metric: "journeys.buy.availability",
    window: { fromMs: 20_000, toMs: 60_000 },
    atLeast: 0.99,
    atMost: null,
  },
];

it("gathers plain data, which can pass from thread to thread", () => {
  const { run, checks: results } = observedRun(recorded({ failures: failing(BACK, ERROR, 20, 60, 80) }), checks);
  expect(structuredClone({ run, checks: results })).toEqual({ run, checks: results });
  expect(results.map(({ passed }) => passed)).toEqual([false, true]);
});

it("keeps no single bucket: what it gathers does not grow with what happens in a second", () => {
  const { windows, grid, layout } = observedRun(recorded(), []).run;
  expect(windows.count).toBe(grid.windowCount);
  expect(windows.services.values.length).toBe(grid.windowCount * layout.serviceRows.length * windows.services.width);
});
