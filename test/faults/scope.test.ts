import { expect, test } from "vitest";
import { coversInstance, wantedInstances } from "../../harness/faults/scope.ts";
import type { FaultScope } from "../../harness/model/release-plan.ts";

const scope = (changes: Partial<FaultScope> = {}): FaultScope => ({
  on: { type: "service", service: 2, operation: null },
  variant: null,
  zone: null,
  share: 1,
  instances: null,
  ...changes,
});
const instance = { service: 2, variant: 1, zone: 0, ordinal: 3 };

test("a scope names a service, and narrows it by version and zone", () => {
  expect(coversInstance(scope(), instance)).toBe(true);
  expect(coversInstance(scope(), { ...instance, service: 1 })).toBe(false);
  expect(coversInstance(scope({ variant: 1, zone: 0 }), instance)).toBe(true);
  expect(coversInstance(scope({ variant: 0 }), instance)).toBe(false);
  expect(coversInstance(scope({ zone: 1 }), instance)).toBe(false);
});

test("a scope on one instance covers that one of that service", () => {
  const third = scope({ on: { type: "instance", service: 2, ordinal: 3 } });
  expect(coversInstance(third, instance)).toBe(true);
  expect(coversInstance(third, { ...instance, ordinal: 4 })).toBe(false);
  expect(coversInstance(third, { ...instance, service: 0 })).toBe(false);
});

test("calls and operations have no instances", () => {
  expect(coversInstance(scope({ on: { type: "edge", edge: 0, operation: null } }), instance)).toBe(false);
  expect(coversInstance(scope({ on: { type: "service", service: 2, operation: 0 } }), instance)).toBe(false);
});

test("ratios of instances round up, but not the round-off", () => {
  const wanted = (ratio: number, of: number) => wantedInstances(scope({ instances: { ratio } }), of);
  expect([wanted(0.3, 10), wanted(0.31, 10), wanted(0.01, 3), wanted(0, 3), wanted(1, 3)]).toEqual([3, 4, 1, 0, 3]);
  expect(wantedInstances(scope({ instances: { count: 5 } }), 3)).toBe(3);
  expect(wantedInstances(scope(), 3)).toBe(3);
});
