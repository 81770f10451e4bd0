// Workers, their queue and what refusing costs, from the file to the plan.
import { expect, test } from "vitest";
import type { PoolPlan } from "../../harness/model/service-plan.ts";
import { load, variantsOf } from "./temporary-files.ts";

const SCENARIO =
  "scenario: s\ntopology: fleet.yaml\nduration: 1m\njourneys: { j: { start: db } }\nload: { users: { journey: j, rate: 10/s } }\n";

function files(pool: string): Record<string, string> {
  return {
    "scenario.yaml": SCENARIO,
    "fleet.yaml": `topology: t\nservices: { db: { work: 2ms, pool: { concurrency: 4, ${pool} } } }\n`,
  };
}

function poolOf(pool: string, compress = 1): PoolPlan {
  const options = { size: { scale: 1, compress } };
  return variantsOf(files(pool), options)[0]!.plan.services[0]!.variants[0]!.pool;
}

test("a plain queue leaves nothing in the plan but its capacity", () => {
  const plain = { model: "threads", concurrency: 4, queueCapacity: 9 };
  expect(poolOf("queue: { capacity: 9 }")).toEqual(plain);
  expect(poolOf("queue: { capacity: 9, discipline: fifo, standingAfter: 1s }, rejectionCost: 0ms")).toEqual(plain);
});

test("a queue has Facebook's numbers unless it says otherwise", () => {
  expect(poolOf("queue: { discipline: adaptiveLifo, codel: {} }").queue).toEqual({
    discipline: "adaptiveLifo",
    standingAfterMs: 100,
    codelTargetMs: 5,
    timeoutMs: null,
  });
});

test("waits in a queue are request time: compress leaves them alone", () => {
  const pool = "queue: { timeout: 3s, standingAfter: 2s, codel: { target: 1s } }, rejectionCost: 7ms";
  expect(poolOf(pool, 10)).toMatchObject({
    queue: { discipline: "fifo", standingAfterMs: 2000, codelTargetMs: 1000, timeoutMs: 3000 },
    rejectionMs: { kind: "constant", ms: 7 },
  });
});

test("another discipline is refused, with those that there are", () => {
  const { study, problems } = load(files("queue: { discipline: random }"));
  expect(study).toBeNull();
  expect(problems).toMatchObject([{ code: "bad-value", place: { line: 2 } }]);
});
