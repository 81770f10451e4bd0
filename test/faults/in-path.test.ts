import { describe, expect, it } from "vitest";
import type { Disturbance } from "../../harness/faults/disturbance.ts";
import { type Disturbed, InPath } from "../../harness/faults/in-path.ts";

const delay = (ms: number): Disturbed["disturbance"] => ({
  on: "request",
  do: "delay",
  time: { kind: "constant", ms },
});
const answer = (status: number): Disturbed["disturbance"] => ({ on: "request", do: "answer", status });

function disturbed(disturbance: Extract<Disturbance, { on: "request" }>, changes: Partial<Disturbed> = {}): Disturbed {
  return { timeline: 0, faultRow: 0, disturbance, share: 1, operation: -1, variant: -1, ...changes };
}

/** What becomes of a request with this key: how long it is held, and what it is answered with; and the rows counted. */
function ask(path: InPath, key = 0, operation = 0, variant = 0): { delayMs: number; status: number; rows: number[] } {
  const rows: number[] = [];
  path.hit(key, 0, operation, variant, (row) => rows.push(row));
  return { delayMs: path.delayMs, status: path.status, rows };
}

/** The keys below 10,000 that are hit. */
function hits(path: InPath): Set<number> {
  const hit = new Set<number>();
  for (let key = 0; key < 10_000; key++) if (path.hit(key, 0, 0, 0, () => {})) hit.add(key);
  return hit;
}

describe("faults in the path", () => {
  it("are clear until there are some, and when they are over", () => {
    const path = new InPath();
    expect(path.isClear).toBe(true);
    path.set([disturbed(delay(10))]);
    expect(path.isClear).toBe(false);
    path.set([]);
    expect(path.isClear).toBe(true);
    expect(ask(path)).toEqual({ delayMs: 0, status: 0, rows: [] });
  });

  it("add up their delays; the first answer wins; each counts what it hit", () => {
    const path = new InPath();
    path.set([
      disturbed(delay(10), { faultRow: 0 }),
      disturbed(answer(503), { faultRow: 1, timeline: 1 }),
      disturbed(delay(5), { faultRow: 2, timeline: 2 }),
      disturbed(answer(500), { faultRow: 3, timeline: 3 }),
    ]);
    expect(ask(path)).toEqual({ delayMs: 15, status: 503, rows: [0, 1, 2, 3] });
  });

  it("count a request once, however many words a fault speaks", () => {
    const path = new InPath();
    path.set([
      disturbed(delay(10), { faultRow: 0, share: 0.5 }),
      disturbed(answer(503), { faultRow: 0, share: 0.5 }),
      disturbed(delay(5), { faultRow: 1, timeline: 1 }),
    ]);
    for (let key = 0; key < 100; key++) {
      const { delayMs, status, rows } = ask(path, key);
      // Both words of the first fault hit the same requests.
      expect([delayMs, status, rows]).toEqual(delayMs === 15 ? [15, 503, [0, 1]] : [5, 0, [1]]);
    }
  });

  it("are for their operation and their version only", () => {
    const path = new InPath();
    path.set([
      disturbed(delay(10), { faultRow: 0, operation: 2 }),
      disturbed(delay(5), { faultRow: 1, timeline: 1, variant: 1 }),
    ]);
    expect(ask(path, 0, 0, 0)).toEqual({ delayMs: 0, status: 0, rows: [] });
    expect(ask(path, 0, 2, 0)).toEqual({ delayMs: 10, status: 0, rows: [0] });
    expect(ask(path, 0, 2, 1)).toEqual({ delayMs: 15, status: 0, rows: [0, 1] });
  });

  it("hit their share of requests, and with a larger share the same ones and more", () => {
    const hitBy = (share: number, timeline = 0): Set<number> => {
      const path = new InPath();
      path.set([disturbed(answer(500), { share, timeline })]);
      return hits(path);
    };
    const some = hitBy(0.2);
    // Binomial: 2,000 ± 5 standard deviations of 40.
    expect(Math.abs(some.size - 2000)).toBeLessThan(200);
    expect(hitBy(0.2)).toEqual(some);
    expect(some.isSubsetOf(hitBy(0.5))).toBe(true);
    expect([hitBy(0).size, hitBy(1).size]).toEqual([0, 10_000]);
    // Two faults choose independently: 4 % are hit by both.
    expect(Math.abs(some.intersection(hitBy(0.2, 1)).size - 400)).toBeLessThan(98);
  });

  it("draw delays by the request's key, independent of whom they hit and of other faults", () => {
    const time = { kind: "exponential", meanMs: 20 } as const;
    const delaysOf = (others: readonly Disturbed[], share: number): number[] => {
      const path = new InPath();
      path.set([...others, disturbed({ on: "request", do: "delay", time }, { share, timeline: 4 })]);
      return Array.from({ length: 5000 }, (_, key) => ask(path, key).delayMs);
    };
    const all = delaysOf([], 1);
    const mean = all.reduce((sum, ms) => sum + ms, 0) / all.length;
    // Exponential: standard error 20 ÷ √5,000.
    expect(Math.abs(mean - 20)).toBeLessThan((5 * 20) / Math.sqrt(5000));
    const some = delaysOf([disturbed(answer(500))], 0.5);
    some.forEach((ms, key) => expect([0, all[key]]).toContain(ms));
    const hit = some.filter((ms) => ms > 0);
    expect(Math.abs(hit.reduce((sum, ms) => sum + ms, 0) / hit.length - 20)).toBeLessThan((5 * 20) / Math.sqrt(2300));
  });

  it("draw each delay of a fault for itself", () => {
    const time = { kind: "exponential", meanMs: 20 } as const;
    const delaysOf = (...words: readonly Disturbed[]): number[] => {
      const path = new InPath();
      path.set(words);
      return Array.from({ length: 5000 }, (_, key) => ask(path, key).delayMs);
    };
    const word = disturbed({ on: "request", do: "delay", time });
    const first = delaysOf(word);
    const second = delaysOf(word, word).map((sum, key) => sum - first[key]!);
    const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
    expect(Math.abs(mean(second) - 20)).toBeLessThan((5 * 20) / Math.sqrt(5000));
    // The covariance of independent exponentials: 0, with a standard error of 20² ÷ √5,000. Of one with itself: 20².
    const covariance = mean(first.map((ms, key) => (ms - 20) * (second[key]! - 20)));
    expect(Math.abs(covariance)).toBeLessThan((5 * 20 * 20) / Math.sqrt(5000));
  });
});
