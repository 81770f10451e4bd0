import { describe, expect, it } from "vitest";
import { ERROR, OK, WRONG } from "../../harness/model/outcome.ts";
import { Cache, FAILED, FRESH, MISS, NOT_KEPT, STALE } from "../../harness/service/cache.ts";
import { cachePlan } from "./cache-plan.ts";

const ORIGIN = 5;

function cacheOf(changes: Parameters<typeof cachePlan>[0] = {}, isFilled = false): Cache {
  return new Cache(cachePlan(changes), 1, isFilled, 0);
}

function keep(cache: Cache, nowMs: number, ...keys: number[]): void {
  for (const key of keys) cache.keep(nowMs, key, OK, -1, OK);
}

function fail(cache: Cache, nowMs: number, key: number): boolean {
  return cache.fail(nowMs, key, 502, ORIGIN, ERROR);
}

describe("what a request asks for", () => {
  it("is the same thing for the same item, of one operation", () => {
    const cache = new Cache(cachePlan({ operations: [2, 0] }), 3, false, 0);
    expect(cache.keyOf(1, 99)).toBe(NOT_KEPT);
    expect(cache.keyOf(0, 99)).toBe(cache.keyOf(0, 99));
    expect(cache.keyOf(0, 99) - cache.keyOf(2, 99)).toBe(1000);
  });

  it("is the same in every cache over the same keys, and as popular in every other", () => {
    const [one, other, smaller] = [cacheOf(), cacheOf({ capacity: 3 }), cacheOf({ keys: { count: 10, zipf: 0 } })];
    for (let item = 0; item < 100; item++) {
      expect(other.keyOf(0, item)).toBe(one.keyOf(0, item));
      // Without Zipf a rank is a uniform draw: the tenth of the keys that it lies in is the same.
      expect(Math.abs(smaller.keyOf(0, item) - one.keyOf(0, item) / 100)).toBeLessThanOrEqual(1);
    }
  });
});

describe("an answer", () => {
  it("is found until its time to live is over, counted from when it was kept", () => {
    const cache = cacheOf({ ttlMs: 100 });
    expect(cache.look(0, 1)).toBe(MISS);
    keep(cache, 0, 1);
    expect(cache.look(99.9, 1)).toBe(FRESH);
    expect(cache.look(100, 1)).toBe(MISS);
    keep(cache, 100, 1);
    expect(cache.look(150, 1)).toBe(FRESH);
  });

  it("is found for ever without one", () => {
    const cache = cacheOf();
    keep(cache, 0, 1);
    expect(cache.look(1e12, 1)).toBe(FRESH);
  });

  it("lives shorter by at most the jitter", () => {
    const cache = cacheOf({ ttlMs: 100, ttlJitter: 0.4 });
    const keys = Array.from({ length: 1000 }, (_, key) => key);
    keep(cache, 0, ...keys);
    const goodAt = (nowMs: number): number => keys.filter((key) => cache.look(nowMs, key) === FRESH).length;
    expect(goodAt(60)).toBe(1000);
    // Uniform: half of them at 80 ms, binomial with a standard deviation of 16.
    expect(Math.abs(goodAt(80) - 500)).toBeLessThan(64);
    expect(goodAt(100)).toBe(0);
  });

  it("makes room when the cache is full and it was not asked for longest", () => {
    const cache = cacheOf({ capacity: 2 });
    keep(cache, 0, 1, 2);
    cache.look(1, 1);
    keep(cache, 2, 3);
    expect([1, 2, 3].map((key) => cache.look(3, key))).toEqual([FRESH, MISS, FRESH]);
    expect(cache.entries).toBe(2);
  });

  it("that is wrong is kept like any other, and known by where it began", () => {
    const cache = cacheOf();
    cache.keep(0, 1, WRONG, ORIGIN, WRONG);
    expect(cache.look(1, 1)).toBe(FRESH);
    expect([cache.cause, cache.status, cache.originService]).toEqual([WRONG, 200, ORIGIN]);
    keep(cache, 2, 1);
    cache.look(3, 1);
    expect(cache.cause).toBe(OK);
  });

  it("is gone after a flush", () => {
    const cache = cacheOf();
    keep(cache, 0, 1, 2);
    cache.flush();
    expect([cache.look(1, 1), cache.look(1, 2), cache.entries]).toEqual([MISS, MISS, 0]);
    keep(cache, 2, 2);
    expect(cache.look(3, 2)).toBe(FRESH);
  });
});

describe("a failure", () => {
  it("is not remembered by default", () => {
    const cache = cacheOf();
    expect(fail(cache, 0, 1)).toBe(false);
    expect([cache.look(0, 1), cache.entries]).toEqual([MISS, 0]);
  });

  it("is remembered for the negative time to live, with where it began", () => {
    const cache = cacheOf({ negativeTtlMs: 10 });
    expect(fail(cache, 0, 1)).toBe(false);
    expect(cache.look(9, 1)).toBe(FAILED);
    expect([cache.cause, cache.status, cache.originService]).toEqual([ERROR, 502, ORIGIN]);
    expect(cache.look(10, 1)).toBe(MISS);
    keep(cache, 11, 1);
    expect(cache.look(12, 1)).toBe(FRESH);
  });

  it("is answered by what is too old, if that is allowed and still there", () => {
    const cache = cacheOf({ ttlMs: 100, staleIfError: true });
    expect(fail(cache, 0, 1)).toBe(false);
    keep(cache, 0, 1);
    expect(cache.look(200, 1)).toBe(MISS);
    expect(fail(cache, 200, 1)).toBe(true);
    expect([cache.cause, cache.look(201, 1)]).toEqual([OK, MISS]);
    const strict = cacheOf({ ttlMs: 100 });
    keep(strict, 0, 1);
    expect(fail(strict, 200, 1)).toBe(false);
  });

  it("that is remembered has what is too old given at once, without another attempt", () => {
    const cache = cacheOf({ ttlMs: 100, staleIfError: true, negativeTtlMs: 50 });
    keep(cache, 0, 1);
    expect(fail(cache, 200, 1)).toBe(true);
    expect([cache.look(249, 1), cache.cause]).toEqual([STALE, OK]);
    expect(cache.look(250, 1)).toBe(MISS);
  });
});

describe("before the run", () => {
  it("the most popular answers are there, as many as `start` says, the most popular used last", () => {
    const cache = cacheOf({ capacity: 10, start: 0.8 }, true);
    expect(cache.entries).toBe(8);
    expect([0, 7, 8].map((key) => cache.look(0, key))).toEqual([FRESH, FRESH, MISS]);
    const full = cacheOf({ capacity: 10, start: 1 }, true);
    keep(full, 0, 500);
    expect([0, 8, 9, 500].map((key) => full.look(0, key))).toEqual([FRESH, FRESH, MISS, FRESH]);
  });

  it("they are of every age, so that they do not all end at once", () => {
    const cache = cacheOf({ ttlMs: 100, start: 1 }, true);
    const keys = Array.from({ length: 1000 }, (_, key) => key);
    const good = keys.filter((key) => cache.look(50, key) === FRESH).length;
    // Binomial(1000, 1/2): four standard deviations are 63.
    expect(Math.abs(good - 500)).toBeLessThan(63);
    expect(keys.some((key) => cache.look(100, key) === FRESH)).toBe(false);
  });

  it("an instance that starts empty has none", () => {
    expect(cacheOf({ capacity: 10, start: 1 }).entries).toBe(0);
  });
});
