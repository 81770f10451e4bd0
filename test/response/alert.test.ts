import { expect, test } from "vitest";
import type { AlertPlan } from "../../harness/model/release-plan.ts";
import { Alert } from "../../harness/response/alert.ts";

const burn: AlertPlan = {
  name: "burn",
  pages: null,
  condition: { type: "burnRate", journey: 0, longMs: 60_000, shortMs: 5000, burnRate: 14.4 },
};
const journeys = [{ name: "buy", objective: { good: 0.999 } }];

const look = (long: number | null, short: number | null) => (metric: string, overMs: number) => {
  expect(metric).toBe("journeys.buy.availability");
  return overMs === 60_000 ? long : short;
};

test("both windows must burn faster than the rate; exactly the rate is not faster", () => {
  const fires = (long: number, short: number) => new Alert(burn, journeys).evaluate(look(long, short)) !== null;
  expect(fires(1 - 0.0145, 1 - 0.0145)).toBe(true);
  expect(fires(1 - 0.0145, 1 - 0.0143)).toBe(false);
  expect(fires(1 - 0.0143, 1 - 0.5)).toBe(false);
  expect(fires(1, 1)).toBe(false);
});

test("it tells changes only, with the slower of both burn rates, and keeps its state without data", () => {
  const alert = new Alert(burn, journeys);
  expect(alert.evaluate(look(null, 0))).toBeNull();
  expect(alert.evaluate(look(0.95, 0.9))?.value).toBeCloseTo(50);
  expect(alert.isFiring).toBe(true);
  expect(alert.evaluate(look(0.95, 0.9))).toBeNull();
  expect(alert.evaluate(look(0.95, null))).toBeNull();
  expect(alert.isFiring).toBe(true);
  expect(alert.evaluate(look(0.95, 1))).toEqual({ alert: "burn", state: "resolved", value: 0 });
});

test("a journey that promises everything burns without end at its first bad request", () => {
  const alert = new Alert(burn, [{ name: "buy", objective: { good: 1 } }]);
  expect(alert.evaluate(look(1, 1))).toBeNull();
  expect(alert.evaluate(look(0.9999, 0.9999))?.state).toBe("firing");
});
