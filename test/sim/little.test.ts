import { expect, test } from "vitest";
import { assertLittle } from "../../harness/sim/little.ts";
import { SERVICE, SERVICE_WIDTH } from "../../harness/signals/columns.ts";

function table(inSystemMs: number, sojournMs: number): Float64Array {
  const services = new Float64Array(2 * SERVICE_WIDTH);
  services[SERVICE_WIDTH + SERVICE.inSystemMs] = inSystemMs;
  services[SERVICE_WIDTH + SERVICE.sojournMs] = sojournMs;
  return services;
}

test("a bucket whose two sides agree but for rounding passes", () => {
  expect(() => assertLittle(table(0, 0))).not.toThrow();
  expect(() => assertLittle(table(50_000, 50_000.000_001))).not.toThrow();
});

test("a request that was lost, or ended twice, is our bug", () => {
  expect(() => assertLittle(table(50_000, 50_010))).toThrow(/Little's law/);
  expect(() => assertLittle(table(50_000, 49_990))).toThrow(/Little's law/);
  expect(() => assertLittle(table(0, 1))).toThrow(/Little's law/);
});
