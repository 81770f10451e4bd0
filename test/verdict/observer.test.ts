import { serialize } from "node:v8";
import { expect, it } from "vitest";
import { ERROR } from "../../harness/model/outcome.ts";
import type { Recording } from "../../harness/recording/recording.ts";
import { SERVICE_WIDTH } from "../../harness/signals/columns.ts";
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

it("keeps no single bucket: what it gathers does not grow with how much is recorded of a second", () => {
  const busy = recorded({
    also(tally) {
      for (let ms = 1; ms < 500; ms++) tally.serviceLatency.record(0, ms);
      tally.services.fill(7, 0, SERVICE_WIDTH);
    },
  });
  const lengthOf = (recording: Recording): number => serialize(observedRun(recording, []).run).length;
  // What is the sum of more numbers may take a few bytes more.
  expect(lengthOf(busy)).toBeLessThan(lengthOf(recorded()) + 100);
});
