import { expect, test } from "vitest";
import { Surges } from "../../harness/actor/surges.ts";
import type { ActiveDisturbance } from "../../harness/faults/active-disturbance.ts";
import type { LoadPlan } from "../../harness/model/load-plan.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import { Tally } from "../../harness/signals/tally.ts";
import { variantPlan } from "../service/variant-plan.ts";
import { fleetPlan } from "./fleet-plan.ts";
import { word } from "./lone-service.ts";

const scope = { ...word(0, { on: "request", do: "reset" }).scope, on: { type: "load", load: 0 } } as const;
const spike = (times: number, more: Partial<ActiveDisturbance> = {}): ActiveDisturbance => ({
  timeline: 0,
  disturbance: { on: "load", do: "multiply", times },
  scope,
  ...more,
});

function surgesOf(load: Partial<LoadPlan>): { surges: Surges; hits: () => number } {
  const fault = { kind: "loadSpike", attributes: { times: 3 }, scope } as const;
  const event = { do: "fault", atMs: 0, forMs: null, background: false, fault } as const;
  const plan = fleetPlan([variantPlan([])], { load, timeline: [event, event] });
  const tally = new Tally(layoutOf(plan));
  return { surges: new Surges(plan, 0, tally), hits: () => tally.faults[0]! };
}

/** When those come who come until `toMs`, and their keys. */
function comers(surges: Surges, toMs: number): { times: number[]; keys: string[]; indices: number[] } {
  const seen = { times: [] as number[], keys: [] as string[], indices: [] as number[] };
  for (let dueMs = surges.nextMs(); dueMs < toMs; dueMs = surges.nextMs()) {
    surges.shift();
    seen.times.push(dueMs);
    seen.keys.push(`${surges.high} ${surges.low}`);
    seen.indices.push(surges.index);
  }
  return seen;
}

const HUNDRED = { rate: [{ atMs: 0, ratePerSecond: 100 }] };

test("three times as many are twice the rate more, from when the fault begins", () => {
  const { surges, hits } = surgesOf(HUNDRED);
  expect(surges.nextMs()).toBe(Infinity);
  surges.disturb([spike(3, { sinceMs: 10_000 })]);
  const { times } = comers(surges, 60_000);
  expect(times[0]).toBeGreaterThanOrEqual(10_000);
  // Poisson: 10,000 ± 5 standard deviations of 100.
  expect(Math.abs(times.length - 10_000)).toBeLessThan(500);
  expect(hits()).toBe(times.length);
  surges.disturb([]);
  expect(surges.nextMs()).toBe(Infinity);
});

test("it follows the load's own rate", () => {
  const { surges } = surgesOf({
    arrivals: "constant",
    rate: [
      { atMs: 0, ratePerSecond: 10 },
      { atMs: 10_000, ratePerSecond: 10 },
      { atMs: 10_000, ratePerSecond: 100 },
    ],
  });
  surges.disturb([spike(2)]);
  const { times } = comers(surges, 20_000);
  const before = times.filter((atMs) => atMs < 10_000).length;
  expect(Math.abs(before - 100)).toBeLessThanOrEqual(1);
  expect(Math.abs(times.length - before - 1000)).toBeLessThanOrEqual(1);
});

test("who is added does not depend on when the fault begins, and is nobody who comes anyway", () => {
  const seen = [0, 3000].map((sinceMs) => {
    const { surges } = surgesOf(HUNDRED);
    surges.disturb([spike(3, { sinceMs })]);
    return comers(surges, 10_000);
  });
  const [early, late] = seen as [(typeof seen)[0], (typeof seen)[0]];
  expect(early.keys.slice(-late.keys.length)).toEqual(late.keys);
  expect(Math.min(...early.indices)).toBeGreaterThanOrEqual(0x40000000);
});

test("two faults add different people", () => {
  const { surges } = surgesOf(HUNDRED);
  surges.disturb([spike(2), spike(2, { timeline: 1 })]);
  const { keys, indices } = comers(surges, 10_000);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(indices).size).toBe(indices.length);
});

test("while it ramps up, more and more come", () => {
  const { surges } = surgesOf(HUNDRED);
  surges.disturb([spike(11, { sinceMs: 0, rampMs: 40_000 })]);
  const { times } = comers(surges, 60_000);
  const between = (fromMs: number, toMs: number): number =>
    times.filter((atMs) => atMs >= fromMs && atMs < toMs).length;
  // Poisson with means 1000 t²/2T: 5,000 in the first half of the ramp, 15,000 in the second, then 20,000.
  expect(Math.abs(between(0, 20_000) - 5000)).toBeLessThan(5 * Math.sqrt(5000));
  expect(Math.abs(between(20_000, 40_000) - 15_000)).toBeLessThan(5 * Math.sqrt(15_000));
  expect(Math.abs(between(40_000, 60_000) - 20_000)).toBeLessThan(5 * Math.sqrt(20_000));
});

test("the spike of another load is none of its business", () => {
  const { surges } = surgesOf(HUNDRED);
  surges.disturb([{ ...spike(3), scope: { ...scope, on: { type: "load", load: 1 } } }]);
  expect(surges.nextMs()).toBe(Infinity);
});
