// Ejections as events: when the callers of a service begin to leave endpoints out, and when nobody does any more.
import { expect, test } from "vitest";
import type { Plan } from "../../harness/model/plan.ts";
import { variantsOf } from "../language/temporary-files.ts";
import { record } from "../sim/run.ts";

const TOPOLOGY = `topology: t
services:
  web: { replicas: 2, operations: { page: [ 1ms, api ] }, calls: { api: CALL } }
  api: { replicas: 4, work: 2ms }
`;

const SCENARIO = `scenario: s
topology: fleet.yaml
duration: 60s
journeys: { page: { start: web.page } }
load: { users: { journey: page, rate: 200/s } }
timeline: [ { at: 10s, for: 10s, fault: { kind: error, on: "api#1", status: 500 } } ]
`;

function planOf(call: string): Plan {
  return variantsOf({ "scenario.yaml": SCENARIO, "fleet.yaml": TOPOLOGY.replace("CALL", call) })[0]!.plan;
}

test.each(["outlierDetection: { interval: 1s, baseEjectionTime: 5s, maxEjectionRatio: 50% }", "failureAccrual: {}"])(
  "two callers that eject the same endpoint by { %s } are told of once, at its beginning and its end",
  async (call) => {
    const { events } = await record(planOf(`{ ${call} }`));
    const ejections = events.flatMap((event) => (event.kind === "ejection" ? [event] : []));
    expect(new Set(ejections.map(({ calls }) => calls))).toEqual(new Set(["web -> api"]));
    const states = ejections.map(({ state }) => state);
    expect(states).toEqual(states.map((_, index) => (index % 2 === 0 ? "begun" : "over")));
    expect(states.at(-1)).toBe("over");
    const [first] = ejections;
    expect(first!.atMs).toBeGreaterThan(10_000);
    expect(first!.atMs).toBeLessThan(13_000);
    expect(first!.share).toBeGreaterThan(0);
    expect(first!.share).toBeLessThanOrEqual(0.25);
    expect(ejections.at(-1)!.atMs).toBeGreaterThan(20_000);
  },
);

test("nothing is said where nobody ejects", async () => {
  const { events } = await record(planOf("{}"));
  expect(events.filter(({ kind }) => kind === "ejection")).toEqual([]);
});
