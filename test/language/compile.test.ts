import { describe, expect, test } from "vitest";
import type { Plan } from "../../harness/model/plan.ts";
import type { ServicePlan } from "../../harness/model/service-plan.ts";
import { load, variantsOf } from "./temporary-files.ts";

const HEAD = "scenario: s\ntopology: fleet.yaml\nduration: 10m\n";
const USERS = "journeys: { j: { start: web.buy } }\nload: { users: { journey: j, rate: 10/s } }\n";
const FLEET = "topology: t\nservices: { web: { operations: { buy: [ 1ms, db ] } }, db: { work: 2ms } }\n";

function planOf(scenario: string, topology = FLEET, options = {}): Plan {
  return variantsOf({ "scenario.yaml": HEAD + scenario, "fleet.yaml": topology }, options)[0]!.plan;
}

function service(plan: Plan, name: string): ServicePlan {
  return plan.services.find((each) => each.name === name)!;
}

describe("time", () => {
  test("counts from the end of the warm-up, which is rounded up to whole buckets, as the end is", () => {
    const plan = planOf("warmUp: 1500ms\ntimeline: [ { at: 2m, for: 10s, fault: { kind: pause, on: db } } ]\n" + USERS);
    expect([plan.warmUpMs, plan.endMs]).toEqual([2000, 602_000]);
    expect(plan.timeline[0]).toMatchObject({ atMs: 122_000, forMs: 10_000 });
  });

  test("compress divides what control loops wait for, and nothing that requests wait for", () => {
    const topology = `topology: t
services:
  web: { startup: { time: 20s }, terminationGrace: 30s, operations: { buy: [ 1ms, db ] }, calls: { db: { attemptTimeout: 2s, circuitBreaker: { waitDurationInOpenState: 10s, slowCallDurationThreshold: 3s }, retry: { backoff: { initial: 4s, max: 5s }, budget: { ttl: 50s } } } } }
  db: { work: 2ms }
`;
    const plan = planOf(`warmUp: 1m\n${USERS}`, topology, { size: { scale: 1, compress: 10 } });
    expect(plan).toMatchObject({
      compress: 10,
      warmUpMs: 6000,
      endMs: 66_000,
      monitoringDelayMs: 100,
      discoveryDelayMs: 100,
    });
    const [variant] = service(plan, "web").variants;
    expect(variant).toMatchObject({ startupMs: { ms: 2000 }, terminationGraceMs: 3000 });
    expect(variant!.calls[0]).toMatchObject({
      attemptTimeoutMs: 2000,
      circuitBreaker: { waitDurationInOpenStateMs: 1000, slowCallDurationThresholdMs: 3000 },
      retry: { backoff: { initialMs: 4000, maxMs: 5000 }, budget: { ttlMs: 5000 } },
    });
    expect(variant!.operations[0]!.steps[0]).toMatchObject({ time: { ms: 1 } });
  });

  test("the live engine has its own size, and the command line wins over both", () => {
    const scenario = `scale: 50%\nengines: { live: { scale: 25%, compress: 30 } }\n${USERS}`;
    const topology = FLEET.replace("operations", "replicas: 4, operations").replace("work", "replicas: 4, work");
    expect(planOf(scenario, topology)).toMatchObject({ scale: 0.5, compress: 1 });
    expect(planOf(scenario, topology, { engine: "live" })).toMatchObject({ scale: 0.25, compress: 30 });
    expect(planOf(scenario, topology, { engine: "live", size: { scale: 1, compress: 2 } })).toMatchObject({
      scale: 1,
      compress: 2,
    });
  });
});

describe("steps", () => {
  const topology = (steps: string) => `topology: t
services:
  web: { operations: { buy: [ ${steps} ] } }
  a: { work: 1ms }
  b: { operations: { x: [ 1ms ], y: [ 1ms ] } }
`;
  const stepsOf = (steps: string) => service(planOf(USERS, topology(steps)), "web").variants[0]!.operations[0]!.steps;

  test("a list runs in order, a list inside it together, inside that in order again", () => {
    expect(stepsOf("1ms, [ a, [ b.x, b.y ], 2ms ], a")).toMatchObject([
      { do: "work" },
      { do: "together", branches: [[{ do: "call" }], [{ do: "call" }, { do: "call" }], [{ do: "work" }]] },
      { do: "call" },
    ]);
  });

  test("times makes copies where it stands: one after the other, or all at once", () => {
    expect(stepsOf("{ call: a, times: 3 }").map((step) => step.do)).toEqual(["call", "call", "call"]);
    const [scatter] = stepsOf("[ { call: a, times: 20 } ]");
    expect(scatter?.do === "together" && scatter.branches.length).toBe(20);
  });

  test("a step keeps its site when another is put before it", () => {
    const sites = (steps: string) => stepsOf(steps).map((step) => ("site" in step ? [step.do, step.site] : null));
    const before = sites("1ms, a, b.x, a");
    const after = sites("1ms, b.y, a, { wait: 1ms }, b.x, a");
    expect(new Set(before.map(String)).size).toBe(4);
    for (const site of before) expect(after).toContainEqual(site);
  });

  test("a fallback stands in, with its own steps", () => {
    expect(stepsOf("{ call: a, optional: true, fallback: [ 2ms, b.x ] }")).toMatchObject([
      { do: "call", optional: true, fallback: [{ do: "work" }, { do: "call", operation: 0 }] },
    ]);
  });
});

describe("call policies", () => {
  const topology = `topology: t
defaults: { call: { attemptTimeout: 700ms, retry: { maxAttempts: 2 } } }
services:
  web:
    operations: { buy: [ b.x, b.y, b.z, a ] }
    calls:
      b: { timeout: 5s }
      b.y: { attemptTimeout: 300ms, retry: none }
  a: { work: 1ms }
  b: { operations: { x: [ 1ms ], y: [ 1ms ], z: [ 1ms ] } }
`;
  const { calls, operations } = service(planOf(USERS, topology), "web").variants[0]!;

  test("inherit: defaults, then the callee, then the operation, which has a machine of its own", () => {
    expect(calls).toMatchObject([
      { callee: 1, operations: [0, 2], timeoutMs: 5000, attemptTimeoutMs: 700, retry: { maxAttempts: 2 } },
      { callee: 1, operations: [1], timeoutMs: 5000, attemptTimeoutMs: 300, retry: null },
      { callee: 0, operations: [0], timeoutMs: null, attemptTimeoutMs: 700, retry: { maxAttempts: 2 } },
    ]);
    expect(operations[0]!.steps.map((step) => step.do === "call" && step.call)).toEqual([0, 1, 0, 2]);
  });

  test("share one row of numbers for each pair of caller and callee; loads are callers too", () => {
    const plan = planOf(USERS, topology);
    expect(calls.map(({ edge }) => edge)).toEqual([0, 0, 1]);
    expect(plan.edges).toHaveLength(3);
    expect(plan.edges[plan.loads[0]!.calls[0]!.edge]).toEqual({ caller: { type: "load", index: 0 }, callee: 2 });
    expect(plan.loads[0]!.calls[0]).toMatchObject({ attemptTimeoutMs: 700, retry: { maxAttempts: 2 } });
  });

  test("default to one try of a second, round robin, nothing else", () => {
    expect(planOf(USERS).loads[0]!.calls[0]).toMatchObject({
      timeoutMs: null,
      attemptTimeoutMs: 1000,
      retry: null,
      circuitBreaker: null,
      loadBalancer: { policy: "roundRobin" },
    });
  });
});

describe("loads", () => {
  test("change their rate in steps and ramps, counted from the end of the warm-up", () => {
    const scenario = `warmUp: 1m
journeys: { j: { start: web.buy } }
load: { users: { journey: j, rate: 60/m, stages: [ { at: 1m, rate: 5/s }, { at: 2m, rate: 9/s, over: 30s } ] } }
`;
    expect(planOf(scenario).loads[0]!.rate.map(({ atMs, ratePerSecond }) => [atMs, ratePerSecond])).toEqual([
      [0, 1],
      [120_000, 1],
      [120_000, 5],
      [180_000, 5],
      [210_000, 9],
    ]);
  });

  test("divide over their journeys in proportion", () => {
    const scenario =
      "journeys: { a: { start: web.buy }, b: { start: db } }\nload: { users: { mix: { b: 3, a: 1 }, rate: 1/s } }\n";
    expect(planOf(scenario).loads[0]).toMatchObject({
      mix: [
        { journey: 0, share: 0.25 },
        { journey: 1, share: 0.75 },
      ],
      callOfJourney: [0, 1],
    });
  });
});

describe("what is wrong in a patch", () => {
  test("is found in the patch, in whichever file it stands", () => {
    const { problems } = load({
      "scenario.yaml": `${HEAD}${USERS}versions: { v2: { service: web, changes: { pool: { concurrency: some } } } }\ntimeline: [ { at: 1m, release: v2 } ]\nstrategies: { a: { rollout: { kind: recreate }, changes: { services: { db: { work: 5 } } } } }\n`,
      "fleet.yaml": "topology: t\nextends: base.yaml\nchanges: { services: { db: { replicas: lots } } }\n",
      "base.yaml": FLEET,
    });
    expect(problems.map(({ code, place }) => [code, place!.file.split("/").at(-1), place!.line])).toEqual([
      ["bad-count", "scenario.yaml", 6],
      ["bad-time", "scenario.yaml", 8],
      ["bad-count", "fleet.yaml", 3],
    ]);
  });
});

test("retries that a budget keeps do not multiply", () => {
  const warned = (retry: string): string[] => {
    const topology = `topology: t\ndefaults: { call: { retry: { maxAttempts: 8${retry} } } }\n${FLEET.slice(FLEET.indexOf("services"))}`;
    const { problems } = load({ "scenario.yaml": HEAD + USERS, "fleet.yaml": topology });
    return problems.map(({ code }) => code);
  };
  expect(warned("")).toEqual(["retry-product"]);
  expect(warned(", budget: { type: ratio, ratio: 10% }")).toEqual([]);
});
