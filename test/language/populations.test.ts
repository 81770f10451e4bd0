// Closed populations and their sessions, from what is written to the plan.
import { describe, expect, test } from "vitest";
import type { Plan } from "../../harness/model/plan.ts";
import { load, variantsOf } from "./temporary-files.ts";

const HEAD = "scenario: s\ntopology: fleet.yaml\nduration: 10m\njourneys: { j: { start: web.buy } }\n";
const FLEET = "topology: t\nservices: { web: { operations: { buy: [ 1ms ], login: [ 1ms ] } } }\n";

function planOf(users: string, options = {}): Plan {
  return variantsOf({ "scenario.yaml": `${HEAD}load: { users: ${users} }\n`, "fleet.yaml": FLEET }, options)[0]!.plan;
}

function refusals(users: string): string[] {
  const { problems } = load({ "scenario.yaml": `${HEAD}load: { users: ${users} }\n`, "fleet.yaml": FLEET });
  return problems.map(({ code, message }) => `${code}: ${message}`);
}

describe("a closed population", () => {
  test("is a load whose users are its clients, and whose rate is the most they can ask for", () => {
    const [users] = planOf("{ journey: j, clients: 3000, thinkTime: 60s, patience: 4s }").loads;
    expect(users).toMatchObject({
      users: 3000,
      rate: [{ atMs: 0, ratePerSecond: 50 }],
      population: { clients: 3000, thinkTime: { kind: "constant", ms: 60_000 }, session: null },
      patience: { kind: "constant", ms: 4000 },
    });
  });

  test("keeps its rate where a run is shrunk and compressed", () => {
    const size = { scale: 0.5, compress: 10 };
    const [users] = planOf("{ journey: j, clients: 3000, thinkTime: 60s }", { size }).loads;
    expect(users).toMatchObject({
      rate: [{ ratePerSecond: 25 }],
      population: { clients: 150, thinkTime: { ms: 6000 } },
    });
  });

  test("is absent from an open load", () => {
    expect(Object.keys(planOf("{ journey: j, rate: 5/s }").loads[0]!)).not.toContain("population");
  });

  test.each([
    ["{ journey: j, clients: 5 }", "missing-key: `thinkTime` is missing beside `clients`"],
    ["{ journey: j, clients: 5, thinkTime: 1s, rate: 5/s }", "bad-value: `rate` and `clients` exclude each other"],
    ["{ journey: j, clients: 5, thinkTime: 1s, users: 5 }", "bad-value: `users` and `clients` exclude each other"],
    ["{ journey: j, rate: 5/s, thinkTime: 1s }", "bad-value: `thinkTime` is only for `clients`"],
    ["{ journey: j, clients: 5, thinkTime: 0s }", "out-of-range: clients must think longer than nothing"],
    ["{ journey: j }", "missing-key: `rate` is missing, or `clients`"],
    [
      "{ journey: j, rate: 5/s, calls: { web: { sticky: instance } } }",
      "bad-value: only calls of a load with `clients` or `users` can be sticky",
    ],
  ])("as %s is refused", (users, problem) => {
    expect(refusals(users)).toContain(problem);
  });
});

describe("sessions", () => {
  test("begin with a journey: the one that starts there, or else one of their own", () => {
    const session = "session: { start: web.login, reconnect: { backoff: { initial: 2s } } }";
    const plan = planOf(`{ journey: j, clients: 10, thinkTime: 1s, ${session} }`);
    expect(plan.journeys.map(({ name, operation }) => [name, operation])).toEqual([
      ["j", 0],
      ["users-session", 1],
    ]);
    const [users] = plan.loads;
    expect(users!.population!.session).toEqual({
      journey: 1,
      reconnect: { initialMs: 2000, maxMs: 60_000, multiplier: 2, jitter: "full", proportion: 0.2 },
      endsOn: ["connection"],
    });
    expect(users!.callOfJourney).toEqual([0, 0]);
    const own = planOf("{ journey: j, clients: 10, thinkTime: 1s, session: { start: web.buy } }");
    expect(own.journeys).toHaveLength(1);
    expect(own.loads[0]!.population!.session!.journey).toBe(0);
  });
});
