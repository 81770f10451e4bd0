import { expect, test } from "vitest";
import type { AlertPlan, ResponsePlan } from "../../harness/model/release-plan.ts";
import { MemoryFleet } from "./memory-fleet.ts";
import { smallPlan } from "./small-plan.ts";

const fastBurn: AlertPlan = {
  name: "fast-burn",
  pages: null,
  condition: { type: "burnRate", journey: 0, longMs: 20_000, shortMs: 5000, burnRate: 10 },
};

const onAlert = (by: string | null, alert = 0): ResponsePlan => ({
  when: { type: "alert", alert },
  by,
  actions: ["rollback"],
});

const everywhere = { kind: "everywhere", overMs: 0 } as const;
const alerts = (fleet: MemoryFleet) => fleet.story("alert", ({ alert, state }) => `${alert} ${state}`);
const pages = (fleet: MemoryFleet) => fleet.story("page", ({ team, cause, state }) => `${team} ${cause} ${state}`);
const actions = (fleet: MemoryFleet) => fleet.story("action", ({ by, cause }) => `${by} ${cause}`);

/** The promise is 99 %, so a burn rate of 10 is 10 % bad. */
const badFrom = (from: number, to: number, share: number) => (_variant: number, second: number) =>
  second >= from && second < to ? share : 0;

test("a burn-rate alert fires when both windows burn too fast, one monitoring delay after the bucket that did it", () => {
  // All bad from 100 s on. The long window holds 10 % bad after 2 of its 20 s, and exceeds it with the third.
  const fleet = new MemoryFleet(smallPlan({ timeline: [], alerts: [fastBurn], monitoringDelayMs: 2500 }), {
    bad: badFrom(100, 130, 1),
  }).run(200_000);
  // The short window is clean 5 s after the badness ends, though the long one is not.
  expect(alerts(fleet)).toEqual(["105500 fast-burn firing", "137500 fast-burn resolved"]);
});

test("a short burst that only the short window sees does not fire", () => {
  const fleet = new MemoryFleet(smallPlan({ timeline: [], alerts: [fastBurn] }), { bad: badFrom(100, 102, 1) }).run(
    200_000,
  );
  expect(alerts(fleet)).toEqual([]);
});

test("a metric alert fires while its limit is broken; a window with a bucket missing changes nothing", () => {
  const alert: AlertPlan = {
    name: "low",
    pages: null,
    condition: {
      type: "metric",
      metric: "services.shop.availability",
      overMs: 4000,
      limit: { atLeast: 0.75, atMost: null, relativeToStable: false },
    },
  };
  const bad = badFrom(50, 80, 0.5);
  const whole = new MemoryFleet(smallPlan({ timeline: [], alerts: [alert] }), { bad }).run(200_000);
  // At two bad of four seconds the value is 0.75 and keeps the limit; with the third it is broken.
  expect(whole.story("alert", ({ state, value }) => `${state} ${value}`)).toEqual([
    "54000 firing 0.625",
    "83000 resolved 0.75",
  ]);
  const gap = new MemoryFleet(smallPlan({ timeline: [], alerts: [alert] }), {
    bad,
    missing: (second) => (second === 52 ? 1 : second === 81 ? "lost" : 0),
  }).run(200_000);
  expect(alerts(gap)).toEqual(["58000 low firing", "87000 low resolved"]);
});

test("an automatic rule rolls back at the alert", () => {
  const plan = smallPlan({ rollout: everywhere, alerts: [fastBurn], responses: [onAlert(null)] });
  const fleet = new MemoryFleet(plan, { bad: (variant) => (variant === 1 ? 0.5 : 0) }).run();
  // Callers know the new instances from 16 s on; five bad seconds at 50 % are 12.5 % of the long window.
  expect(alerts(fleet)[0]).toBe("22000 fast-burn firing");
  expect(actions(fleet)).toEqual(["22000 null alert: fast-burn"]);
  expect(fleet.variants()).toEqual([4, 0]);
  expect(fleet.phases().slice(-2)).toEqual(["22000 rollingBack", "28000 rolledBack"]);
});

test("without rules nothing moves", () => {
  const plan = smallPlan({ rollout: everywhere, alerts: [fastBurn] });
  const fleet = new MemoryFleet(plan, { bad: (variant) => (variant === 1 ? 0.5 : 0) }).run();
  expect(actions(fleet)).toEqual([]);
  expect(fleet.variants()).toEqual([0, 4]);
});

test("by a team: page, acknowledge, diagnose, act", () => {
  const teams = [{ name: "shop", responders: 1, acknowledgeMs: 60_000, diagnoseMs: 120_000 }];
  const plan = smallPlan({
    rollout: everywhere,
    alerts: [{ ...fastBurn, pages: "shop" }],
    responses: [onAlert("shop")],
    teams,
  });
  const fleet = new MemoryFleet(plan, { bad: (variant) => (variant === 1 ? 0.5 : 0) }).run();
  expect(pages(fleet)).toEqual([
    "22000 shop alert: fast-burn waiting",
    "82000 shop alert: fast-burn acknowledged",
    "202000 shop alert: fast-burn diagnosed",
  ]);
  expect(actions(fleet)).toEqual(["202000 shop alert: fast-burn"]);
});

test("noise delays the cure: a second page waits until the only responder is free", () => {
  const noise: AlertPlan = {
    name: "noise",
    pages: "shop",
    condition: {
      type: "metric",
      metric: "services.shop.availability",
      overMs: 1000,
      limit: { atLeast: 1, atMost: null, relativeToStable: false },
    },
  };
  const teams = [{ name: "shop", responders: 1, acknowledgeMs: 30_000, diagnoseMs: 40_000 }];
  const plan = smallPlan({
    rollout: everywhere,
    alerts: [noise, { ...fastBurn, pages: "shop" }],
    responses: [onAlert("shop", 1)],
    teams,
  });
  const fleet = new MemoryFleet(plan, { bad: (variant) => (variant === 1 ? 0.5 : 0) }).run();
  expect(pages(fleet)).toEqual([
    "18000 shop alert: noise waiting",
    "22000 shop alert: fast-burn waiting",
    "48000 shop alert: noise acknowledged",
    "88000 shop alert: noise diagnosed",
    "118000 shop alert: fast-burn acknowledged",
    "158000 shop alert: fast-burn diagnosed",
  ]);
  expect(actions(fleet)).toEqual(["158000 shop alert: fast-burn"]);
});

test("an alert that fired before the release counts as soon as there is something to roll back", () => {
  const plan = smallPlan({ rollout: everywhere, alerts: [fastBurn], responses: [onAlert(null)] });
  const fleet = new MemoryFleet(plan, { bad: () => 0.5 }).run(60_000);
  expect(alerts(fleet)).toEqual(["2000 fast-burn firing"]);
  expect(actions(fleet)).toEqual(["11000 null alert: fast-burn"]);
});

test("a rule at a time acts at that time, by a team after it has found out", () => {
  const teams = [{ name: "shop", responders: 2, acknowledgeMs: 5000, diagnoseMs: 7000 }];
  const responses: ResponsePlan[] = [{ when: { type: "at", atMs: 100_000 }, by: "shop", actions: ["rollback"] }];
  const fleet = new MemoryFleet(smallPlan({ rollout: everywhere, responses, teams })).run();
  expect(actions(fleet)).toEqual(["112000 shop schedule: 100 s"]);
  expect(fleet.phases().at(-1)).toMatch(/rolledBack/);
});

test("with nothing released there is nothing to roll back, and nothing is said", () => {
  const responses: ResponsePlan[] = [{ when: { type: "at", atMs: 5000 }, by: null, actions: ["rollback"] }];
  const fleet = new MemoryFleet(smallPlan({ rollout: everywhere, responses })).run(60_000);
  expect(actions(fleet)).toEqual([]);
  expect(fleet.variants()).toEqual([0, 4]);
});

test("the same plan gives the same events, whatever else the engine does meanwhile", () => {
  const plan = smallPlan({ rollout: everywhere, alerts: [fastBurn], responses: [onAlert(null)] });
  const bad = (variant: number) => (variant === 1 ? 0.5 : 0);
  const plain = new MemoryFleet(plan, { bad }).run();
  const pestered = new MemoryFleet(plan, { bad });
  for (let atMs = 300; atMs < 100_000; atMs += 777) pestered.at(atMs, () => pestered.conductor.wake(atMs));
  expect(pestered.run().events).toEqual(plain.events);
});
