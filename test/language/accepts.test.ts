import { expect, test } from "vitest";
import type { Loaded } from "../../harness/language/load-study.ts";
import { load } from "./temporary-files.ts";

/** Ten attempts at each of two tiers. */
const topology = `
topology: two-tiers
services:
  front: { operations: { ask: [ back ] }, calls: { back: { retry: { maxAttempts: 10 } } } }
  back: { operations: { answer: [ 1ms ] } }
`;

function scenario(accepts: string): Readonly<Record<string, string>> {
  return {
    "scenario.yaml": `
scenario: accepts
topology: fleet.yaml
${accepts}
duration: 1m
journeys: { ask: { start: front.ask } }
load: { users: { journey: ask, rate: 10/s, calls: { front: { retry: { maxAttempts: 10 } } } } }
`,
    "fleet.yaml": topology,
  };
}

function found({ problems }: Loaded): string[] {
  return problems.map(({ code, severity }) => `${severity} ${code}`).sort();
}

test("a warning that the scenario is about stays a warning with --strict, and is still told", () => {
  const loaded = load(scenario("accepts: [ retry-product ]"), { strict: true });
  expect(found(loaded)).toEqual(["warning retry-product"]);
  expect(loaded.study).not.toBeNull();
});

test("without that it is an error with --strict", () => {
  const loaded = load(scenario(""), { strict: true });
  expect(found(loaded)).toEqual(["error retry-product"]);
  expect(loaded.study).toBeNull();
});

test("other warnings are errors all the same", () => {
  const loaded = load(scenario("accepts: [ call-circle ]"), { strict: true });
  expect(found(loaded)).toEqual(["error retry-product"]);
});

test("what stands in `accepts` is a code", () => {
  const loaded = load(scenario("accepts: [ retry-products ]"));
  expect(found(loaded)).toEqual(["error unknown-name"]);
  expect(loaded.problems.find(({ code }) => code === "unknown-name")!.hint).toContain("retry-product");
});
