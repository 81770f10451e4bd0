import { describe, expect, it } from "vitest";
import type { Disturbance } from "../../harness/faults/disturbance.ts";
import type { Disturbed } from "../../harness/faults/fault-in-path.ts";
import { GARBLE, HANG, PASS, RESET, UNRESOLVED } from "../../harness/faults/fate.ts";
import { InPath } from "../../harness/faults/in-path.ts";

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
  path.hit(0, key, 0, operation, variant, -1, 0, (row) => rows.push(row));
  return { delayMs: path.delayMs, status: path.fate, rows };
}

/** The numbers of the requests with these headers that are hit. */
function hitsOf(path: InPath, headers: readonly number[]): number[] {
  return headers.flatMap((carried, number) => (path.hit(0, 1, 2, 0, 0, -1, carried, () => {}) ? [number] : []));
}

/** The keys below 10,000 that are hit. */
function hits(path: InPath): Set<number> {
  const hit = new Set<number>();
  for (let key = 0; key < 10_000; key++) if (path.hit(0, key, 0, 0, 0, -1, 0, () => {})) hit.add(key);
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

  it("hit requests with all the headers that they ask for, and count these alone", () => {
    const path = new InPath();
    path.set([disturbed(answer(500), { headers: 5 })]);
    expect(hitsOf(path, [0, 1, 4, 5, 2, 7])).toEqual([3, 5]);
    path.set([disturbed(answer(500), { headers: 1, requests: { every: 2 }, timeline: 1 })]);
    expect(hitsOf(path, [1, 0, 0, 1, 3, 3])).toEqual([3, 5]);
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

  it("hit the first so many requests of their scope, or one in so many, and go on counting when others come and go", () => {
    const path = new InPath();
    const first = disturbed(answer(500), { requests: { first: 3 }, operation: 0 });
    const every = disturbed(answer(503), { requests: { every: 3 }, timeline: 1, faultRow: 1 });
    const rowsOf = (operation = 0): number[] => ask(path, 0, operation).rows;
    path.set([first, every]);
    expect([rowsOf(), rowsOf(1), rowsOf()]).toEqual([[0], [], [0, 1]]);
    path.set([first, every, disturbed(delay(5), { timeline: 2, faultRow: 2 })]);
    expect([rowsOf(), rowsOf(), rowsOf()]).toEqual([[0, 2], [2], [1, 2]]);
    // Begun anew, it counts anew.
    path.set([{ ...first, sinceMs: 9 }]);
    expect([rowsOf(), rowsOf(), rowsOf(), rowsOf()]).toEqual([[0], [0], [0], []]);
  });

  it("hit a share of connections: all requests of one, or none", () => {
    const hitTargets = (connection: number, share: number): Set<number> => {
      const path = new InPath();
      path.set([disturbed(answer(500), { share, connection })]);
      const targets = new Set<number>();
      for (let target = 0; target < 5000; target++) {
        const hit = [1, 2, 3].map((key) => path.hit(0, key, 0, 0, 0, target, 0, () => {}));
        expect(new Set(hit).size).toBe(1);
        if (hit[0]) targets.add(target);
      }
      return targets;
    };
    const ofOne = hitTargets(17, 0.3);
    // Binomial: 1,500 ± 5 standard deviations of 32.4.
    expect(Math.abs(ofOne.size - 1500)).toBeLessThan(163);
    expect(ofOne.isSubsetOf(hitTargets(17, 0.6))).toBe(true);
    // Another caller has connections of its own: 9 % are hit of both.
    expect(Math.abs(ofOne.intersection(hitTargets(18, 0.3)).size - 450)).toBeLessThan(102);
  });

  it("grow while they ramp up: delays by themselves, the rest by the share that they hit", () => {
    const path = new InPath();
    const ramp = { sinceMs: 1000, rampMs: 400 };
    path.set([disturbed(delay(80), ramp), disturbed(answer(503), { ...ramp, timeline: 1, faultRow: 1, share: 0.8 })]);
    const at = (nowMs: number): { delays: Set<number>; hit: number } => {
      const delays = new Set<number>();
      let hit = 0;
      for (let key = 0; key < 10_000; key++) {
        path.hit(nowMs, key, 0, 0, 0, -1, 0, (row) => (hit += row));
        delays.add(path.delayMs);
      }
      return { delays, hit };
    };
    expect(at(1000)).toEqual({ delays: new Set([0]), hit: 0 });
    const quarter = at(1100);
    expect(quarter.delays).toEqual(new Set([20]));
    // Binomial: 2,000 and 8,000, each ± 5 standard deviations of 40.
    expect(Math.abs(quarter.hit - 2000)).toBeLessThan(200);
    const full = at(9000);
    expect(full.delays).toEqual(new Set([80]));
    expect(Math.abs(full.hit - 8000)).toBeLessThan(200);
  });

  it("send lost packets again, after a timeout that doubles", () => {
    const path = new InPath();
    const loss = 0.1;
    path.set([disturbed({ on: "request", do: "retransmit", loss, timeoutMs: 200 })]);
    const delays = Array.from({ length: 50_000 }, (_, key) => ask(path, key).delayMs);
    expect([...new Set(delays)].sort((a, b) => a - b).slice(0, 4)).toEqual([0, 200, 600, 1400]);
    const mean = delays.reduce((sum, ms) => sum + ms, 0) / delays.length;
    // k losses with probability (1 − p) pᵏ take (2ᵏ − 1) timeouts: the mean is p ÷ (1 − 2p) of them, the second moment below.
    const expected = loss / (1 - 2 * loss);
    const second = (1 - loss) / (1 - 4 * loss) - (2 * (1 - loss)) / (1 - 2 * loss) + 1;
    const error = Math.sqrt((second - expected * expected) / delays.length);
    expect(Math.abs(mean / 200 - expected)).toBeLessThan(5 * error);
    // What is always lost is given up in the end.
    path.set([disturbed({ on: "request", do: "retransmit", loss: 1, timeoutMs: 200 })]);
    expect(ask(path).status).toBe(HANG);
  });

  it("lose other packets on the way back than on the way there", () => {
    const word = disturbed({ on: "request", do: "retransmit", loss: 0.3, timeoutMs: 200 });
    const lost = (isWayBack: boolean): Set<number> => {
      const path = new InPath(isWayBack);
      path.set([word]);
      return hits(path);
    };
    // Independent: 9 % of 10,000 ± 5 standard deviations of 28.6.
    expect(Math.abs(lost(false).intersection(lost(true)).size - 900)).toBeLessThan(143);
  });

  it("let messages queue for a narrow link, as Lindley's recursion has it", () => {
    const path = new InPath();
    path.set([disturbed({ on: "request", do: "transmit", messageMs: 10 })]);
    const delaysAt = (...times: number[]): number[] =>
      times.map((nowMs) => {
        path.hit(nowMs, 1, 2, 0, 0, -1, 0, () => {});
        return path.delayMs;
      });
    expect(delaysAt(0, 4, 4, 12, 100, 105)).toEqual([10, 16, 26, 28, 10, 15]);
  });

  it("tell by its fate what becomes of a request", () => {
    const fateOf = (disturbance: Disturbed["disturbance"]): { fate: number; isDripping: boolean } => {
      const path = new InPath();
      path.set([disturbed(disturbance)]);
      path.hit(0, 1, 2, 0, 0, -1, 0, () => {});
      return { fate: path.fate, isDripping: path.isDripping };
    };
    const time = { kind: "constant", ms: 30 } as const;
    expect(fateOf({ on: "request", do: "reset" })).toEqual({ fate: RESET, isDripping: false });
    expect(fateOf({ on: "request", do: "hang" })).toEqual({ fate: HANG, isDripping: false });
    expect(fateOf({ on: "request", do: "lose" })).toEqual({ fate: HANG, isDripping: false });
    expect(fateOf({ on: "request", do: "garble" })).toEqual({ fate: GARBLE, isDripping: false });
    expect(fateOf({ on: "request", do: "unresolve", time })).toEqual({ fate: UNRESOLVED, isDripping: false });
    expect(fateOf({ on: "request", do: "drip", time })).toEqual({ fate: PASS, isDripping: true });
  });
});
