// The bench's scenario files are the workloads that the C++ limit simulates: as many events a request, the same means.
import { describe, expect, test } from "vitest";
import { JOURNEY } from "../../harness/signals/columns.ts";
import { record, Sums } from "../sim/run.ts";
import { planOf } from "./sim-run.ts";
import { variablesFor, WORKLOADS } from "./workload.ts";

type Name = keyof typeof WORKLOADS;

async function run(name: Name, requests: number) {
  const plan = planOf(WORKLOADS[name].file, variablesFor(WORKLOADS[name], requests));
  return { plan, sums: new Sums(await record(plan)) };
}

describe.each([
  { name: "mm1", edges: 1, events: 2 },
  { name: "tandem", edges: 3, events: 4 },
  { name: "graph20", edges: 20, events: 59 },
  { name: "graph20-thousand", edges: 20, events: 59 },
] as const)("$name", ({ name, edges, events }) => {
  test("every request makes each of its calls once, and nothing fails", async () => {
    const { plan, sums } = await run(name, 400);
    expect(plan.edges).toHaveLength(edges);
    const sent = sums.journey("sent");
    const ended = sums.journey("ended");
    expect(ended).toBeGreaterThan(300);
    expect(sums.journey("outcome")).toBe(ended);
    for (const edge of plan.edges.keys()) {
      // What the run's end cut short has made some of its calls.
      expect(sums.edge(edge, "calls")).toBeGreaterThanOrEqual(ended);
      expect(sums.edge(edge, "calls")).toBeLessThanOrEqual(sent);
      expect(sums.edge(edge, "attempts")).toBe(sums.edge(edge, "calls"));
    }
  });

  test(`a request is ${events} events of the C++ limit`, () => {
    const plan = planOf(WORKLOADS[name].file, {});
    // It arrives, and every call's work ends; a call over the network is also a message there and one back.
    const messages = plan.networkMs[0]![0]! > 0 ? 2 * (plan.edges.length - 1) : 0;
    expect(1 + plan.edges.length + messages).toBe(events);
  });
});

describe("means", () => {
  /** Standard errors that are let pass. */
  const ERRORS = 4;

  // The asymptotic variance of the mean sojourn of an M/M/1 is ((1+ρ)/(1−ρ)²)² a request (test/sim/theory.test.ts);
  // the errors of three in a row are added up, which is the most that they can be.
  test.each([
    { name: "mm1", queues: 1 },
    { name: "tandem", queues: 3 },
  ] as const)("$name: 5 service times a queue", async ({ name, queues }) => {
    const { sums } = await run(name, 100_000);
    const ended = sums.journey("ended");
    const load = 0.8;
    const error = (queues * ((1 + load) / (1 - load) ** 2)) / Math.sqrt(ended);
    const mean = sums.journey("latencyMs") / ended / WORKLOADS[name].serviceMs;
    expect(Math.abs(mean - 5 * queues)).toBeLessThan(ERRORS * error);
  });

  // There is no formula for a maximum over branches that wait together. Seconds are all but independent, a hundred
  // times the time that a queue takes to forget: so the spread of their means gives the error.
  test("graph20: as the C++ limit has it after 12 million requests", async () => {
    const { sums } = await run("graph20", 15_000);
    const limitMs = 62.81;
    const means = sums.buckets.slice(1).map(({ journeys }) => {
      const row = journeys[0]!;
      const value = (column: number): number => row[row.indexOf(column, 1) + 1]!;
      return value(JOURNEY.latencyMs) / value(JOURNEY.ended);
    });
    const mean = means.reduce((sum, each) => sum + each) / means.length;
    const variance = means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (means.length - 1);
    expect(means.length).toBeGreaterThan(20);
    expect(Math.abs(mean - limitMs)).toBeLessThan(ERRORS * Math.sqrt(variance / means.length));
  });
});
