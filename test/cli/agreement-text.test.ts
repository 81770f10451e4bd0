import { expect, test } from "vitest";
import { agreementText } from "../../harness/cli/agreement-text.ts";
import type { Agreement } from "../../harness/study/agreement.ts";

function compared(simMs: number, liveMs: number): Agreement {
  const agrees = simMs === liveMs;
  const availability = { sim: 1, live: 1, tolerance: 0.01, agrees: true };
  const journeys = [{ journey: "play", agrees, availability, p50Ms: { sim: simMs, live: liveMs, agrees } }];
  const outcomes = { sim: "contained", live: "contained" };
  return { agrees, variants: [{ strategy: "canary", agrees, outcomes, journeys }] };
}

const stalled = [
  { code: "fleet-stalled" },
  { code: "interrupted" },
  { code: "missing-numbers" },
  { code: "fleet-stalled" },
];

test("what differs is marked, and the sum of it is said", () => {
  const text = agreementText(compared(20, 30), []);
  expect(text).toMatch(/canary +outcome +contained +contained +yes/);
  expect(text).toMatch(/play median +20 ms +30 ms +NO/);
  expect(text.trimEnd().endsWith("do NOT agree; the lines marked NO say where.")).toBe(true);
});

test("a machine that kept the fleet waiting is named as a cause of disagreement, once, and only then", () => {
  expect(agreementText(compared(20, 30), stalled)).toContain("(above: fleet-stalled, missing-numbers)");
  expect(agreementText(compared(20, 20), stalled)).not.toContain("fleet-stalled");
  for (const line of agreementText(compared(20, 30), stalled).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});
