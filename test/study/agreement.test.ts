import { expect, test } from "vitest";
import { agreementOf } from "../../harness/study/agreement.ts";
import type { Result } from "../../harness/verdict/result.ts";

/** Only what agreement reads. */
function result(
  strategies: Readonly<Record<string, { outcome: string; availability: number; p50: number | null }>>,
): Result {
  return {
    control: null,
    variants: Object.entries(strategies).map(([strategy, { outcome, availability, p50 }]) => ({
      strategy,
      outcome,
      journeys: {
        play: { requests: 1000, availability, bad: {}, degraded: 0, latencyMs: p50 === null ? null : { p50 } },
      },
    })),
  } as unknown as Result;
}

test("equal outcomes, availability within a point and medians within 2 ms and 10 % agree", () => {
  const sim = result({ canary: { outcome: "contained", availability: 0.99, p50: 50 } });
  expect(agreementOf(sim, result({ canary: { outcome: "contained", availability: 0.981, p50: 56.9 } })).agrees).toBe(
    true,
  );
  expect(agreementOf(sim, result({ canary: { outcome: "contained", availability: 0.979, p50: 50 } })).agrees).toBe(
    false,
  );
  expect(agreementOf(sim, result({ canary: { outcome: "contained", availability: 0.99, p50: 57.1 } })).agrees).toBe(
    false,
  );
  expect(agreementOf(sim, result({ canary: { outcome: "escaped", availability: 0.99, p50: 50 } })).agrees).toBe(false);
});

test("only strategies that ran on both engines are compared", () => {
  const sim = result({
    worst: { outcome: "escaped", availability: 0.5, p50: 9 },
    canary: { outcome: "contained", availability: 1, p50: 9 },
  });
  const { variants, agrees } = agreementOf(sim, result({ canary: { outcome: "contained", availability: 1, p50: 9 } }));
  expect(variants.map(({ strategy }) => strategy)).toEqual(["canary"]);
  expect(agrees).toBe(true);
  expect(agreementOf(sim, result({ other: { outcome: "contained", availability: 1, p50: 9 } })).agrees).toBe(false);
});

test("a journey without any completed request agrees only with its like", () => {
  const none = result({ canary: { outcome: "escaped", availability: 0, p50: null } });
  expect(agreementOf(none, none).agrees).toBe(true);
  expect(agreementOf(none, result({ canary: { outcome: "escaped", availability: 0, p50: 3 } })).agrees).toBe(false);
});

test("few requests may differ by more than a point, by chance", () => {
  // n = 1000 each at p = 0.9: 1.96 × √(0.9 × 0.1 × 2 / 1000) = 2.63 points.
  const sim = result({ canary: { outcome: "escaped", availability: 0.9131, p50: 50 } });
  const within = agreementOf(sim, result({ canary: { outcome: "escaped", availability: 0.8869, p50: 50 } }));
  expect(within.agrees).toBe(true);
  expect(within.variants[0]!.journeys[0]!.availability.tolerance).toBeCloseTo(0.0263, 4);
  const beyond = agreementOf(sim, result({ canary: { outcome: "escaped", availability: 0.8866, p50: 50 } }));
  expect(beyond.agrees).toBe(false);
});
