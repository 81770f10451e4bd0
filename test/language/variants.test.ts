import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { planHash } from "../../harness/recording/plan-hash.ts";
import type { Variant } from "../../harness/model/plan.ts";
import { load, variantsOf } from "./temporary-files.ts";

const files = {
  "scenario.yaml": readFileSync("test/language/examples/checkout-release.yaml", "utf8"),
  "topologies/shop.yaml": readFileSync("test/language/examples/topologies/shop.yaml", "utf8"),
};
const variants = variantsOf(files);
const named = (name: string): Variant => variants.find(({ plan }) => plan.strategy === name)!;

describe("strategies", () => {
  test("are variants in the order of the file", () => {
    expect(variants.map(({ plan }) => plan.strategy)).toEqual([
      "canary",
      "canary-with-budget",
      "good-release",
      "by-hand",
      "never",
    ]);
  });

  test("extend one another, and change the fleet for themselves alone", () => {
    const ratio = (name: string) => {
      const checkout = named(name).plan.services.find((service) => service.name === "checkout")!;
      const payments = named(name).plan.services.findIndex((service) => service.name === "payments");
      const { budget } = checkout.variants[0]!.calls.find((call) => call.callee === payments)!.retry!;
      return budget?.type === "ratio" ? budget.ratio : null;
    };
    expect([ratio("canary"), ratio("canary-with-budget")]).toEqual([0.1, 0.05]);
    expect(named("canary-with-budget").plan.rollout).toEqual(named("canary").plan.rollout);
    expect(named("canary-with-budget").plan.responses).toEqual(named("canary").plan.responses);
  });

  test("can make a version harmless", () => {
    expect(named("canary").plan.versions[0]).toMatchObject({ name: "v4-12", variant: 1, isHarmless: false });
    expect(named("good-release").plan.versions[0]).toMatchObject({ name: "v4-12", variant: 1, isHarmless: true });
    const { variants: versions } = named("good-release").plan.services[1]!;
    expect({ ...versions[1]!, version: "stable" }).toEqual(versions[0]);
  });

  test("say by whom, when and what", () => {
    expect(named("canary").plan.responses).toEqual([
      { when: { type: "analysis" }, by: null, actions: ["rollback"] },
      { when: { type: "alert", alert: 0 }, by: "checkout", actions: ["rollback"] },
    ]);
    expect(named("by-hand").plan.responses).toEqual([
      { when: { type: "alert", alert: 1 }, by: "checkout", actions: ["rollback"] },
    ]);
  });

  test("expect containment unless they say otherwise; checks are theirs alone", () => {
    expect(variants.map(({ expectation }) => expectation.expect)).toEqual([
      "contained",
      "contained",
      "contained",
      "contained",
      "escaped",
    ]);
    expect(variants.map(({ expectation }) => expectation.checks.length)).toEqual([0, 0, 0, 0, 1]);
    expect(named("never").expectation.checks[0]).toEqual({
      claim: "paid",
      metric: "journeys.buy.availability",
      window: { fromMs: 1_260_000, toMs: 1_860_000 },
      atLeast: null,
      atMost: 0.99,
    });
  });

  test("are chosen by name", () => {
    expect(variantsOf(files, { strategies: ["never"] }).map(({ plan }) => plan.strategy)).toEqual(["never"]);
    expect(load(files, { strategies: ["nevr"] })).toMatchObject({
      study: null,
      problems: [{ code: "nothing-to-run", hint: "did you mean `never`?" }],
    });
  });
});

test("short names in a gate mean the new version of the released service, in an alert all of it", () => {
  const { analyses, alerts } = named("canary").plan;
  expect(analyses[0]!.metrics.map(({ metric }) => metric)).toEqual([
    "services.checkout@new.availability",
    "services.checkout@new.latencyMs.p99",
  ]);
  expect(analyses[0]!.metrics[1]!.limit).toEqual({ atLeast: null, atMost: 1.2, relativeToStable: true });
  expect(alerts[1]).toMatchObject({ name: "slow", condition: { metric: "services.checkout.latencyMs.p99" } });
});

describe("controls", () => {
  test("have the background and nothing of trigger or strategy", () => {
    const { control, plan } = named("canary");
    expect(control).toMatchObject({
      isControl: true,
      strategy: null,
      rollout: null,
      responses: [],
      alerts: [],
      analyses: [],
    });
    expect(control.timeline.map((event) => [event.do, event.background])).toEqual([["fault", true]]);
    expect(control.timeline[0]).toEqual(plan.timeline[0]);
  });

  test("are one and the same where variants differ only in their strategy", () => {
    const hashes = variants.map(({ control }) => planHash(control));
    expect(hashes[3]).toBe(hashes[0]);
    expect(hashes[4]).toBe(hashes[0]);
    expect(hashes[1]).not.toBe(hashes[0]);
  });
});

describe("a plan", () => {
  test("does not depend on the order of keys in either file", () => {
    const shuffled = {
      "scenario.yaml": reversedBlocks(files["scenario.yaml"]),
      "topologies/shop.yaml": reversedBlocks(files["topologies/shop.yaml"]),
    };
    expect(shuffled["scenario.yaml"]).not.toBe(files["scenario.yaml"]);
    const hashes = (all: readonly Variant[]) => new Map(all.map(({ plan }) => [plan.strategy, planHash(plan)]));
    expect(hashes(variantsOf(shuffled))).toEqual(hashes(variants));
  });

  test("depends on the seed, which the command line may say", () => {
    const other = variantsOf(files, { seed: 7 });
    expect(other[0]!.plan.seed).toBe(7);
    expect(variants[0]!.plan.seed).toBe(412);
    expect(planHash(other[0]!.plan)).not.toBe(planHash(variants[0]!.plan));
  });

  test("takes variables from the command line, over those of the file", () => {
    const first = (vars: Record<string, string>) =>
      variantsOf(files, { vars })[0]!.plan.loads.map(({ rate }) => rate[0]!.ratePerSecond);
    expect(first({})).toEqual([5, 200]);
    expect(first({ rate: "50" })).toEqual([5, 50]);
    expect(load(files, { vars: { rat: "5" } }).problems).toMatchObject([
      { code: "unknown-name", place: null, hint: "did you mean `rate`?" },
    ]);
  });

  test("is plain data: what JSON carries is all of it", () => {
    for (const { plan } of variants) expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });
});

/** The blocks at the top of a file, and the entries of each, in the opposite order. */
function reversedBlocks(text: string): string {
  const split = (lines: string, at: RegExp): string[] => lines.split(at).filter((part) => part.trim() !== "");
  const blocks = split(text, /^(?=\S)/m).map((block) => {
    const [head, ...rest] = block.split("\n");
    const body = rest.join("\n");
    const isMap = /^ {2}[A-Za-z]/.test(body);
    return isMap
      ? `${head}\n${split(body, /^(?= {2}\S)/m)
          .toReversed()
          .join("")}`
      : block;
  });
  // Strategies run in the order of the file, so that block stays as it is.
  return blocks
    .map((block, index) => (block.startsWith("strategies:") ? split(text, /^(?=\S)/m)[index]! : block))
    .toReversed()
    .join("");
}
