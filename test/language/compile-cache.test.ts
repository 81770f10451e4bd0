import { expect, test } from "vitest";
import type { CachePlan } from "../../harness/model/cache-plan.ts";
import type { Problem } from "../../harness/model/problem.ts";
import { load, variantsOf } from "./temporary-files.ts";

const SCENARIO =
  "scenario: s\ntopology: fleet.yaml\nduration: 10m\njourneys: { j: { start: web.buy } }\nload: { users: { journey: j, rate: 10/s } }\n";

const filesOf = (cache: string): Record<string, string> => ({
  "scenario.yaml": SCENARIO,
  "fleet.yaml": `topology: t\nservices: { web: { operations: { buy: [ 1ms ], look: [ 1ms ] }, cache: ${cache} } }\n`,
});

function cacheOf(cache: string, compress = 1): CachePlan | undefined {
  const [variant] = variantsOf(filesOf(cache), { size: { scale: 1, compress } });
  return variant!.plan.services[0]!.variants[0]!.cache;
}

function problemsOf(cache: string): Pick<Problem, "code" | "hint">[] {
  return load(filesOf(cache)).problems.map(({ code, hint }) => ({ code, hint }));
}

test("a cache keeps every operation's answers for ever, is full before the run and cold after a start, unless told", () => {
  expect(cacheOf("{ keys: { count: 100 } }")).toEqual({
    operations: [0, 1],
    capacity: null,
    keys: { count: 100, zipf: 0.99 },
    ttlMs: null,
    ttlJitter: 0,
    start: 1,
    coldOnStart: true,
    singleFlight: false,
    staleIfError: false,
    negativeTtlMs: 0,
  });
});

test("its times are control times", () => {
  expect(cacheOf("{ keys: { count: 100 }, ttl: 60s, negativeTtl: 5s }", 10)).toMatchObject({
    ttlMs: 6000,
    negativeTtlMs: 500,
  });
});

test("none is none, as without a word", () => {
  expect(cacheOf("none")).toBeUndefined();
});

test("only the operations that are named are kept, each once", () => {
  expect(cacheOf("{ keys: { count: 100 }, operations: [ look, look ] }")!.operations).toEqual([1]);
  expect(problemsOf("{ keys: { count: 100 }, operations: [ loook ] }")).toMatchObject([{ code: "unknown-name" }]);
});

test("what an instance keeps is limited, whether by its capacity or by what there is", () => {
  const tooLarge = [{ code: "over-limit", hint: "give the cache a smaller `capacity`" }];
  expect(problemsOf("{ keys: { count: 500001 } }")).toEqual(tooLarge);
  expect(problemsOf("{ keys: { count: 9000000 }, capacity: 1000001 }")).toEqual(tooLarge);
  expect(problemsOf("{ keys: { count: 9000000 }, capacity: 1000000 }")).toEqual([]);
});
