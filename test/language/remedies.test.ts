// Runbook actions, from what is written to the plan.
import { describe, expect, test } from "vitest";
import type { RemedyPlan } from "../../harness/model/remedy-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { LoadOptions } from "../../harness/language/load-study.ts";
import { load, variantsOf } from "./temporary-files.ts";

const FLEET = `topology: t
zones: [ east, west ]
services:
  web: { replicas: 4, operations: { buy: [ 1ms, db ] }, cache: { keys: { count: 9 } } }
  db: { replicas: 2, pool: { concurrency: 4 }, work: 2ms }
`;

function scenario(remedies: string): Record<string, string> {
  const head = "scenario: s\ntopology: fleet.yaml\nduration: 10m\njourneys: { j: { start: web.buy } }\n";
  const rest = "load: { users: { journey: j, rate: 10/s } }\nversions: { v2: { service: web, changes: {} } }\n";
  return { "scenario.yaml": `${head}${rest}remedies:\n${remedies}\n`, "fleet.yaml": FLEET };
}

function planOf(remedies: string, options: Partial<LoadOptions> = {}): Plan {
  return variantsOf(scenario(remedies), options)[0]!.plan;
}

function remedyOf(remedy: string, options: Partial<LoadOptions> = {}): RemedyPlan {
  return planOf(`  cure: ${remedy}`, options).remedies![0]!;
}

function refusals(remedies: string): string[] {
  return load(scenario(remedies)).problems.map(({ code, message }) => `${code}: ${message}`);
}

describe("a remedy", () => {
  test.each([
    ["{ disconnect: web, for: 1m }", { do: "disconnect", service: 1, forMs: 60_000, readmitOverMs: 0 }],
    ["{ load: users, to: 20%, over: 2m }", { do: "admit", load: 0, share: 0.2, overMs: 120_000 }],
    ["{ pause: users }", { do: "pauseLoad", load: 0, forMs: null }],
    ["{ pause: v2, for: 90s }", { do: "pauseRelease", version: 0, forMs: 90_000 }],
    ["{ restart: db, atOnce: 25% }", { do: "restart", service: 0, atOnce: { ratio: 0.25 } }],
    ["{ flush: web }", { do: "flush", service: 1 }],
    ["{ restart: db }", { do: "restart", service: 0, atOnce: { ratio: 1 } }],
  ])("written %s is %o", (written, remedy) => {
    expect(remedyOf(written)).toEqual({ name: "cure", ...remedy });
  });

  test("takes control time, which compress divides", () => {
    const size = { scale: 1, compress: 10 };
    expect(remedyOf("{ disconnect: web, for: 1m, readmitOver: 5m }", { size })).toMatchObject({
      forMs: 6000,
      readmitOverMs: 30_000,
    });
  });

  test("that changes a service is a version of it, with everything else as it was", () => {
    const plan = planOf("  cure: { service: db, changes: { pool: { concurrency: 9 } }, over: 1m }");
    expect(plan.remedies).toEqual([
      { name: "cure", do: "change", overMs: 60_000, changes: [{ service: 0, variant: 1, replicasPerZone: null }] },
    ]);
    expect(plan.services[0]!.variants.map(({ version, pool }) => [version, pool.concurrency])).toEqual([
      ["stable", 4],
      ["cure", 9],
    ]);
    // It cannot be released by the timeline.
    expect(plan.versions.map(({ name }) => name)).toEqual(["v2"]);
  });

  test("may change several services, and how many instances they have", () => {
    const changes = "{ services: { web: { replicas: 6 }, db: { work: 1ms, replicas: { west: 5 } } } }";
    const plan = planOf(`  cure: { changes: ${changes} }`);
    expect(plan.remedies![0]).toMatchObject({
      changes: [
        { service: 0, variant: 1, replicasPerZone: [0, 5] },
        { service: 1, variant: null, replicasPerZone: [3, 3] },
      ],
    });
  });

  test("shrinks with the fleet", () => {
    const size = { scale: 0.5, compress: 1 };
    expect(remedyOf("{ service: web, changes: { replicas: 8 } }", { size })).toMatchObject({
      changes: [{ replicasPerZone: [2, 2] }],
    });
  });

  test("is no part of the control run, nor of a plan without any", () => {
    const [variant] = variantsOf(scenario("  cure: { restart: db }"));
    expect(Object.keys(variant!.control)).not.toContain("remedies");
    expect(Object.keys(planOf("  {}"))).not.toContain("remedies");
  });

  test.each([
    ["{ for: 1m }", "missing-key: a remedy needs one of `disconnect`, `load`, `pause`, `restart`, `flush`, `changes`"],
    ["{ restart: db, disconnect: web }", "bad-value: `disconnect` and `restart` exclude each other"],
    ["{ restart: db, over: 1m }", "bad-value: `over` has no meaning beside `restart`"],
    ["{ load: users }", "missing-key: `to` is missing beside `load`"],
    ["{ restart: wob }", "unknown-name: there is no service `wob`"],
    ["{ pause: usrs }", "unknown-name: there is no load or version `usrs`"],
    ["{ service: dab, changes: { work: 1ms } }", "unknown-name: there is no service `dab`"],
    ["{ changes: { services: { dab: { work: 1ms } } } }", "unknown-name: there is no service `dab`"],
    ["{ changes: { load: {} } }", "unknown-key: a remedy without `service` cannot change `load`"],
    ["{ service: db, changes: { team: a } }", "bad-value: a remedy cannot change `team`: it belongs to the service"],
    ["{ service: db, changes: { wurk: 1ms } }", "unknown-key: `wurk` is not a key here"],
    ["{ flush: db }", "no-effect: `db` has no cache"],
    ["{ flush: web, for: 1m }", "bad-value: `for` has no meaning beside `flush`"],
    ["{ changes: {} }", "no-effect: this changes nothing"],
  ])("written %s is refused", (written, problem) => {
    expect(refusals(`  cure: ${written}`)).toContain(problem);
  });

  test("cannot have a name that means something else", () => {
    expect(refusals("  v2: { restart: db }")).toContain("bad-name: `v2` has a meaning of its own");
    expect(refusals("  rollback: { restart: db }")).toContain("bad-name: `rollback` has a meaning of its own");
  });
});
