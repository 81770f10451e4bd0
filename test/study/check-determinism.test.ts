import { expect, test } from "vitest";
import type { Engine } from "../../harness/engine/engine.ts";
import type { RunEvent } from "../../harness/recording/event.ts";
import { planHash } from "../../harness/recording/plan-hash.ts";
import { checkDeterminism } from "../../harness/study/check-determinism.ts";
import { shopPlan } from "../analysis/shop-plan.ts";

/** An engine that records what it is told to, another thing in each run. */
function scripted(runs: readonly { buckets: number; arrivals: number; events: readonly RunEvent[] }[]): Engine {
  let next = 0;
  return {
    name: "sim",
    async run(plan, sink) {
      const { buckets, arrivals, events } = runs[next++]!;
      sink.begin({ format: "firebreak.recording/2", engine: "sim", planHash: planHash(plan), plan });
      for (let index = 0; index < buckets; index++) {
        const rows = {
          edges: [],
          journeys: [],
          faults: [],
          serviceLatency: [],
          edgeLatency: [],
          journeyLatency: [],
          origins: [],
          badUsers: [],
        };
        sink.bucket({ index, services: [[0, 0, index === 1 ? arrivals : 1]], ...rows, missing: 0 });
      }
      for (const event of events) sink.event(event);
      sink.end({ reason: "completed" });
      return { reason: "completed" };
    },
  };
}

const { signal } = new AbortController();
const began: RunEvent = { atMs: 0, kind: "trigger", state: "began" };
const gone: RunEvent = { atMs: 0, kind: "trigger", state: "gone" };
const plain = { buckets: 3, arrivals: 5, events: [began] };

test("two equal runs have one digest", async () => {
  const checked = await checkDeterminism(shopPlan(), scripted([plain, plain]), signal);
  expect(checked).toEqual({ digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test.each([
  ["a bucket with other numbers", { ...plain, arrivals: 6 }, "bucket 1 differs in services"],
  ["a bucket too few", { ...plain, buckets: 2 }, "bucket 2 is missing in the second run"],
  ["a bucket too many", { ...plain, buckets: 4 }, "bucket 3 is missing in the first run"],
  [
    "another event",
    { ...plain, events: [gone] },
    'event 0 differs: {"atMs":0,"kind":"trigger","state":"began"} and {"atMs":0,"kind":"trigger","state":"gone"}',
  ],
])("%s is named as the first difference", async (_, second, first) => {
  const checked = await checkDeterminism(shopPlan({ strategy: "canary" }), scripted([plain, second]), signal);
  expect(checked).toMatchObject({ strategy: "canary", first });
});
