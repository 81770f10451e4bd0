// What an instance lets in, from the file to the plan.
import { describe, expect, test } from "vitest";
import type { VariantPlan } from "../../harness/model/service-plan.ts";
import { load, variantsOf } from "./temporary-files.ts";

const SCENARIO =
  "scenario: s\ntopology: fleet.yaml\nduration: 1m\njourneys: { j: { start: db } }\nload: { users: { journey: j, rate: 10/s } }\n";

function files(admission: string): Record<string, string> {
  return {
    "scenario.yaml": SCENARIO,
    "fleet.yaml": `topology: t\nservices: { db: { replicas: 4, work: 2ms, admission: ${admission} } }\n`,
  };
}

function variantOf(admission: string, scale = 1): VariantPlan {
  const options = { size: { scale, compress: 10 } };
  return variantsOf(files(admission), options)[0]!.plan.services[0]!.variants[0]!;
}

function messagesOf(admission: string): string[] {
  return load(files(admission)).problems.map(({ code, message }) => `${code}: ${message}`);
}

describe("a concurrency limit", () => {
  test("is fixed unless it says otherwise", () => {
    expect(variantOf("none")).not.toHaveProperty("admission");
    expect(variantOf("{ type: concurrencyLimit, limit: 50 }").admission).toEqual({
      type: "concurrencyLimit",
      limit: { algorithm: "fixed", limit: 50 },
    });
  });

  test("has the defaults of the library that its algorithm comes from, in request time", () => {
    expect(variantOf("{ type: concurrencyLimit, algorithm: aimd }").admission).toHaveProperty("limit", {
      algorithm: "aimd",
      initialLimit: 20,
      minLimit: 20,
      maxLimit: 200,
      backoffRatio: 0.9,
      timeoutMs: 5000,
    });
    expect(variantOf("{ type: concurrencyLimit, algorithm: vegas }").admission).toHaveProperty("limit", {
      algorithm: "vegas",
      initialLimit: 20,
      maxLimit: 1000,
      smoothing: 1,
      probeMultiplier: 30,
    });
    expect(variantOf("{ type: concurrencyLimit, algorithm: gradient2 }").admission).toHaveProperty("limit", {
      algorithm: "gradient2",
      initialLimit: 20,
      minLimit: 20,
      maxLimit: 200,
      smoothing: 0.2,
      queueSize: 4,
      rttTolerance: 1.5,
      longWindow: 600,
    });
  });

  test("compresses how often Envoy's measures anew, and not the windows in between", () => {
    expect(variantOf("{ type: concurrencyLimit, algorithm: envoyGradient }").admission).toHaveProperty("limit", {
      algorithm: "envoyGradient",
      minLimit: 3,
      maxLimit: 1000,
      updateIntervalMs: 100,
      percentile: 0.5,
      minRttIntervalMs: 6000,
      minRttRequests: 50,
      minRttJitter: 0.15,
      buffer: 0.25,
    });
  });

  test("shrinks with the capacity of the instance, where whole instances cannot express a scale", () => {
    expect(variantOf("{ type: concurrencyLimit, limit: 50 }", 0.5).admission).toMatchObject({ limit: { limit: 50 } });
    expect(variantOf("{ type: concurrencyLimit, limit: 50 }", 0.25).admission).toMatchObject({ limit: { limit: 25 } });
    expect(variantOf("{ type: concurrencyLimit, algorithm: aimd }", 0.25).admission).toMatchObject({
      limit: { initialLimit: 10, minLimit: 10, maxLimit: 100 },
    });
    expect(variantOf("{ type: concurrencyLimit, algorithm: vegas }", 0.25).admission).toMatchObject({
      limit: { initialLimit: 10, maxLimit: 500 },
    });
    expect(variantOf("{ type: concurrencyLimit, algorithm: envoyGradient }", 0.25).admission).toMatchObject({
      limit: { minLimit: 2, maxLimit: 500 },
    });
  });

  test("is refused where its numbers contradict each other", () => {
    expect(
      messagesOf("{ type: concurrencyLimit, algorithm: aimd, minLimit: 9, maxLimit: 8, initialLimit: 8 }"),
    ).toEqual(["out-of-range: the highest limit is below the lowest"]);
    expect(messagesOf("{ type: concurrencyLimit, algorithm: aimd, maxLimit: 300, initialLimit: 301 }")).toEqual([
      "out-of-range: the limit at the start is outside of its bounds",
    ]);
    expect(messagesOf("{ type: concurrencyLimit, algorithm: aimd, backoffRatio: 40% }")).toEqual([
      "out-of-range: a back-off ratio lies between 50% and below 100%",
    ]);
  });

  test("is refused where it misses its number, or has an algorithm that there is not", () => {
    expect(messagesOf("{ type: concurrencyLimit }")).toMatchInlineSnapshot(`
      [
        "missing-key: \`algorithm\` is missing",
      ]
    `);
    expect(messagesOf("{ type: concurrencyLimit, algorithm: magic }")).toMatchInlineSnapshot(`
      [
        "bad-value: "magic" is not possible here",
      ]
    `);
    expect(messagesOf("{ type: fence, limit: 5 }")).toMatchInlineSnapshot(`
      [
        "bad-value: "fence" is not possible here",
      ]
    `);
    expect(messagesOf("{ type: concurrencyLimit, algorithm: aimd, limit: 5 }")).toMatchInlineSnapshot(`
      [
        "unknown-key: \`limit\` is not a key here",
      ]
    `);
  });
});

describe("shedding by utilisation", () => {
  test("has a threshold for each criticality, the least critical first", () => {
    expect(variantOf("{ type: utilization }").admission).toEqual({
      type: "utilization",
      of: "workers",
      refreshIntervalMs: 250,
      thresholds: [null, 0.95, 0.85, 0.7],
    });
    expect(variantOf("{ type: utilization, of: cpu, thresholds: { critical: none } }", 0.25).admission).toMatchObject({
      of: "cpu",
      thresholds: [null, null, 0.85, 0.7],
    });
  });

  test("is refused where somebody would be served while who matters more is not", () => {
    expect(messagesOf("{ type: utilization, thresholds: { sheddable: 90% } }, pool: { concurrency: 2 }")).toEqual([
      "out-of-range: `sheddable` would be served while `sheddablePlus` is refused",
    ]);
    expect(messagesOf("{ type: utilization, thresholds: { sheddablePlus: none } }, pool: { concurrency: 2 }")).toEqual([
      "out-of-range: `sheddablePlus` would be served while `critical` is refused",
    ]);
    expect(messagesOf("{ type: utilization, refreshInterval: 0s }, pool: { concurrency: 2 }")).toEqual([
      "out-of-range: the interval must be above 0",
    ]);
  });
});

test("shedding by the utilisation of what is unlimited is pointed out", () => {
  const never = "no-effect: nothing is ever refused: what is busy here is unlimited";
  expect(messagesOf("{ type: utilization }")).toEqual([never]);
  expect(messagesOf("{ type: utilization, of: cpu }")).toEqual([never]);
  expect(messagesOf("{ type: utilization, of: cpu }, cpu: { cores: 2 }")).toEqual([]);
  expect(messagesOf("{ type: utilization }, pool: { concurrency: 2 }")).toEqual([]);
});

describe("a priority", () => {
  const load = (journey: string, users: string): unknown =>
    variantsOf({
      ...files("none"),
      "scenario.yaml": `scenario: s\ntopology: fleet.yaml\nduration: 1m\njourneys: { j: { start: db${journey} }, k: { start: db } }\nload: { users: { mix: { j: 1, k: 1 }, rate: 10/s${users} } }\n`,
    })[0]!.plan.loads[0]!.criticalities;

  test("is the load's, else the journey's, else critical", () => {
    expect(load("", "")).toBeUndefined();
    expect(load(", priority: critical", "")).toBeUndefined();
    expect(load(", priority: sheddable", "")).toEqual([3, 1]);
    expect(load(", priority: sheddable", ", priority: criticalPlus")).toEqual([0, 0]);
  });
});

test("connections are unlimited unless counted, and shrink with the capacity of the instance", () => {
  const connections = (written: string, scale: number): VariantPlan =>
    variantsOf(
      { ...files("none"), "fleet.yaml": `topology: t\nservices: { db: { replicas: 4, work: 2ms${written} } }\n` },
      { size: { scale, compress: 1 } },
    )[0]!.plan.services[0]!.variants[0]!;
  expect(connections("", 1)).not.toHaveProperty("maxConnections");
  expect(connections(", maxConnections: 100", 1)).toMatchObject({ maxConnections: 100 });
  expect(connections(", maxConnections: 100", 0.25)).toMatchObject({ maxConnections: 50 });
});
