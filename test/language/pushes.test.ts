// What is pushed instead of released, from what is written to the plan.
import { describe, expect, test } from "vitest";
import type { Plan } from "../../harness/model/plan.ts";
import { load, variantsOf } from "./temporary-files.ts";

const FLEET = "topology: t\nservices: { web: { startup: { time: 20s }, operations: { buy: [ 5ms ] } } }\n";

function scenario(version: string, event = "push: filters"): Record<string, string> {
  const head = "scenario: s\ntopology: fleet.yaml\nduration: 10m\njourneys: { j: { start: web.buy } }\n";
  const rest = `load: { users: { journey: j, rate: 10/s } }\nversions: { filters: { service: web, ${version} } }\n`;
  const strategies = "strategies: { all: { rollout: { kind: everywhere } } }\n";
  return {
    "scenario.yaml": `${head}${rest}timeline: [ { at: 1m, ${event} } ]\n${strategies}`,
    "fleet.yaml": FLEET,
  };
}

function planOf(version: string): Plan {
  return variantsOf(scenario(version))[0]!.plan;
}

function refusals(version: string, event?: string): string[] {
  return load(scenario(version, event)).problems.map(({ code, message }) => `${code}: ${message}`);
}

describe("a push", () => {
  test("is a release of what is no code", () => {
    const plan = planOf("kind: config, changes: { operations: { buy: [ 9ms ] } }, onApply: crash");
    expect(plan.timeline).toEqual([{ do: "release", atMs: 60_000, version: 0, background: false }]);
    const [version] = plan.versions;
    expect(version).toEqual({
      name: "filters",
      service: 0,
      variant: 1,
      isHarmless: false,
      isPush: true,
      onApply: "crash",
    });
    expect(plan.services[0]!.variants[1]!.startupMs).toEqual({ kind: "constant", ms: 20_000 });
  });

  test("of nothing is harmless, but for arriving", () => {
    expect(planOf("kind: config, onApply: crash").versions[0]).toMatchObject({ isHarmless: true });
    expect(planOf("kind: data").versions[0]).toMatchObject({ isHarmless: true });
  });

  const slower = "kind: data, changes: { operations: { buy: [ 9ms ] } }";
  const workOf = (plan: Plan): unknown => plan.services[0]!.variants[1]!.operations[0]!.steps[0];

  test.each([
    ["failOpen", { time: { ms: 9 } }, [], false],
    ["keepLastGood", { time: { ms: 5 } }, [], true],
    ["failClosed", { time: { ms: 5 } }, [{ share: 1, cause: "error", status: 500, operation: null }], false],
  ])("of broken data: %s", (onBad, work, errors, isHarmless) => {
    const plan = planOf(`${slower}, onBad: ${onBad}`);
    expect(workOf(plan)).toMatchObject(work);
    expect(plan.services[0]!.variants[1]!.errors).toMatchObject(errors);
    expect(plan.services[0]!.variants[1]!.errors).toHaveLength(errors.length);
    expect(plan.versions[0]).toMatchObject({ isHarmless });
  });

  test("of broken data that instances die of, whenever they start with it", () => {
    const plan = planOf(`${slower}, onBad: crash`);
    expect(plan.services[0]!.variants[1]!.life!.crash.onStart).toBe(true);
    expect(plan.services[0]!.variants[0]!.life).toBeUndefined();
    expect(plan.versions[0]).toMatchObject({ isHarmless: false, onApply: "crash" });
  });

  test.each([
    ["kind: config", "release: filters", "bad-value: `filters` is config, which is pushed"],
    ["kind: code", "push: filters", "bad-value: `filters` is code, which is released"],
    ["onApply: crash", "release: filters", "bad-value: `onApply` is for versions that are pushed"],
    ["kind: config", "push: filtres", "unknown-name: there is no version `filtres`"],
    ["kind: config", "push: filters, for: 1m", "bad-value: a push has no `for`: it stays until something moves it"],
    ["kind: config", "push: filters, release: filters", "bad-value: `release` and `push` exclude each other"],
    ["kind: flag", "push: filters", "not-supported-yet: versions of kind `flag` are not supported yet"],
  ])("{ %s } by { %s } is refused", (version, event, problem) => {
    expect(refusals(version, event)).toContain(problem);
  });
});
