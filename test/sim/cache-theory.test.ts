// Caches, asked through the front door: hit ratios of independent requests for keys by Zipf's law are known.
//
// A cache's content wanders, so successive hits are not independent and their variance has no simple form: six
// independent caches of each kind give it, and Student's t with five degrees of freedom passes 6.87 once in a thousand.
import { describe, expect, test } from "vitest";
import { cheHitRatio, lruHitRatio, zipfShares } from "./theory/hit-ratio.ts";
import { measure, type Measurement } from "./theory/measurement.ts";

const STUDENT = 6.87;
const RATE_PER_SECOND = 1000;

let run: Promise<Measurement> | null = null;

/** One run for all of them. */
function measuredOnce(): Promise<Measurement> {
  run ??= measure("lru");
  return run;
}

/** Mean and standard error of the hit ratio of the six caches of a kind: of what was asked, what did not go on to the store. */
async function measured(kind: string): Promise<{ readonly ratio: number; readonly error: number }> {
  const { services, calls } = (await measuredOnce()).result.control!;
  const ratios = [1, 2, 3, 4, 5, 6].map(
    (nth) => 1 - calls[`${kind}-${nth} -> store`]!.calls / services[`${kind}-${nth}`]!.requests,
  );
  const ratio = ratios.reduce((sum, each) => sum + each) / ratios.length;
  const variance = ratios.reduce((sum, each) => sum + (each - ratio) ** 2, 0) / (ratios.length - 1);
  return { ratio, error: Math.sqrt(variance / ratios.length) };
}

/** How many standard errors the measured ratio is off, less what theory itself may be off. */
async function errorsOff(kind: string, theory: number, bias = 0): Promise<number> {
  const { ratio, error } = await measured(kind);
  expect(STUDENT * error, "the measurement says something").toBeLessThan(0.02);
  return (Math.abs(ratio - theory) - bias) / error;
}

describe("the hit ratio that emerges", () => {
  const few = zipfShares(200, 0.9);

  test("of a small least-recently-used cache is exactly that of theory", async () => {
    expect(await errorsOff("small", lruHitRatio(few, 20))).toBeLessThan(STUDENT);
  });

  // Che's own error shrinks as the cache grows (Fricker et al.): at 1,000 keys it is less than at 20.
  test("of a large one is Che's approximation", async () => {
    const bias = Math.abs(cheHitRatio(few, 20) - lruHitRatio(few, 20));
    expect(bias).toBeLessThan(0.005);
    expect(await errorsOff("large", cheHitRatio(zipfShares(10_000, 0.8), 1000), bias)).toBeLessThan(STUDENT);
  });

  // A key that is asked for λ times a second is fetched, good for T, and then fetched at the next request: of
  // 1 + λT requests one misses.
  test("of answers that are good for five seconds is λT/(1 + λT) of each key", async () => {
    const expected = zipfShares(1000, 0.99).reduce((sum, share) => {
      const during = share * RATE_PER_SECOND * 5;
      return sum + (share * during) / (1 + during);
    }, 0);
    expect(await errorsOff("expiring", expected)).toBeLessThan(STUDENT);
  });

  test("is the one that the recording tells", async () => {
    const { ratio } = await measured("small");
    const { checks } = (await measuredOnce()).result;
    const told = checks.find(({ metric }) => metric === "services.small-1.cacheHitRatio");
    expect(told).toBeDefined();
    expect(Math.abs(told!.observed! - ratio)).toBeLessThan(0.02);
  });
});
