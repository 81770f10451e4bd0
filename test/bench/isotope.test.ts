import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fanOut } from "./fan-out.ts";
import { generateScenario } from "./generated-scenario.ts";
import type { Isotope } from "./isotope.ts";
import { simEngine } from "../../harness/sim/sim-engine.ts";
import { planOf, runSim } from "./sim-run.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "firebreak-bench-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function compiled(document: Isotope) {
  return planOf(generateScenario(folder, "converted", document), { rate: "100/s", duration: "2s" });
}

describe("an isotope topology becomes one of ours", () => {
  const plan = () =>
    compiled({
      defaults: { numReplicas: 2 },
      services: [
        { name: "a", numReplicas: 6, errorRate: "10%" },
        { name: "b", script: [{ sleep: "20ms" }, { call: { service: "a", probability: 25 } }] },
        { name: "c", isEntrypoint: true, script: [[{ call: "a" }, { call: "b" }], { call: "a" }] },
      ],
    });

  test("its services with their replicas and errors", () => {
    const { services } = plan();
    expect(services.map(({ name, replicasPerZone }) => [name, replicasPerZone])).toEqual([
      ["a", [6]],
      ["b", [2]],
      ["c", [2]],
    ]);
    expect(services[0]!.variants[0]!.errors).toMatchObject([{ share: 0.1 }]);
  });

  test("its scripts: pauses, probabilities, what runs together and what in order", () => {
    const [, b, c] = plan().services.map(({ variants }) => variants[0]!.operations[0]!.steps);
    expect(b).toMatchObject([{ do: "work" }, { do: "wait", time: { ms: 20 } }, { do: "call", probability: 0.25 }]);
    expect(c).toMatchObject([
      { do: "work" },
      { do: "together", branches: [[{ do: "call" }], [{ do: "call" }]] },
      { do: "call" },
    ]);
  });

  test("timeouts become shorter with the depth, counted along the shortest way", () => {
    const { services, loads } = plan();
    expect(loads[0]!.calls.map(({ attemptTimeoutMs }) => attemptTimeoutMs)).toEqual([1000]);
    const [a, b, c] = services.map(({ variants }) =>
      variants[0]!.calls.map(({ attemptTimeoutMs }) => attemptTimeoutMs),
    );
    expect(a).toEqual([]);
    expect(new Set(b)).toEqual(new Set([250]));
    expect(new Set(c)).toEqual(new Set([500]));
  });
});

describe("generated graphs", () => {
  test.each([
    { services: 20, middles: 3, leaves: 6 },
    { services: 200, middles: 30, leaves: 6 },
  ])("$services services: a request calls each of them once", async ({ services, middles, leaves }) => {
    const plan = compiled(fanOut(services, middles, leaves, 1));
    expect(plan.services).toHaveLength(services);
    expect(plan.edges).toHaveLength(services);
    const { requests, good, calls } = await runSim(plan, simEngine());
    expect(requests).toBeGreaterThan(100);
    expect(good).toBe(requests);
    expect(calls).toBeGreaterThanOrEqual(services * requests);
  });

  test("the shape of isotope's thousand services: a hundred behind the entry, a hundred behind each of nine", () => {
    const { services } = fanOut(1000, 100, 100, 2);
    expect(services).toHaveLength(1000);
    const widths = services.map(({ script = [] }) => (script[0] as readonly unknown[] | undefined)?.length ?? 0);
    expect(widths.filter((width) => width > 0)).toEqual([...Array.from({ length: 9 }, () => 100), 99]);
  });
});
