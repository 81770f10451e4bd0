// The breaker beside the libraries on npm that are one: the same history of calls, the same decisions.
//
// Ours is Resilience4j's; each configuration here is one in which the definitions say the same:
//   - one probe: cockatiel lets further calls wait for its outcome, opossum and we refuse them;
//   - a threshold between two rates that can occur: cockatiel and opossum open above it, we open at it too;
//   - cockatiel waits "at least" and we "longer than" a time, so on a clock of whole milliseconds its is one longer;
//   - a result that comes after the breaker has changed is left out: Resilience4j counts it where it arrives.
// Two differences are met where they occur. Cockatiel and opossum remember the probe that closed them, so ours is told
// of one more success. They judge failures only: where it takes a success to make the volume, and ours opens by it,
// the history ends.
import { ConsecutiveBreaker, CountBreaker, SamplingBreaker } from "cockatiel";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CLOSED, CircuitBreaker, HALF_OPEN, OPEN } from "../../harness/policies/circuit-breaker.ts";
import { CockatielBreaker, OpossumBreaker, WINDOW_MS } from "./breaker-libraries.ts";
import { BreakerPair } from "./breaker-pair.ts";
import { breaker as planOf } from "./lone-call.ts";

/** No rate of at most 40 calls is exactly this: as denominators they are all too small. */
const THRESHOLDS = [0.2501, 0.4999, 0.7501];

interface Step {
  readonly afterMs: number;
  readonly do: string;
  readonly which: number;
}

const step = fc.record({
  afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 900 })),
  do: fc.constantFrom("ask", "ask", "ok", "fail", "fail"),
  which: fc.nat(100),
});
const history = fc.array(step, { minLength: 20, maxLength: 150 });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"], now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Runs histories; the changes of state they led to, so that a test can ask for many. */
async function compare<T>(
  histories: fc.Arbitrary<T>,
  play: (history: T) => Promise<BreakerPair>,
  numRuns: number,
): Promise<number> {
  let changes = 0;
  await fc.assert(
    fc.asyncProperty(histories, async (each) => {
      vi.setSystemTime(0);
      const pair = await play(each);
      pair.end();
      changes += pair.changes;
    }),
    { numRuns },
  );
  return changes;
}

async function overlap(pair: BreakerPair, steps: readonly Step[]): Promise<BreakerPair> {
  for (const { afterMs, do: action, which } of steps) {
    if (pair.isOver) break;
    pair.elapse(afterMs);
    if (action === "ask") await pair.ask();
    else if (pair.underWay > 0) await pair.settle(which, action === "fail");
  }
  return pair;
}

function ours(changes: Parameters<typeof planOf>[0]): CircuitBreaker {
  return new CircuitBreaker(planOf({ permittedNumberOfCallsInHalfOpenState: 1, ...changes }));
}

describe("like cockatiel's, over any history of overlapping calls", () => {
  const waits = fc.constantFrom(300, 2000);

  it("a breaker of n failures in a row", async () => {
    const histories = fc.tuple(fc.integer({ min: 1, max: 5 }), waits, history);
    const play = ([n, waitMs, steps]: [number, number, Step[]]): Promise<BreakerPair> => {
      const breaker = ours({
        failureRateThreshold: 1,
        slidingWindow: { type: "count", size: n },
        minimumNumberOfCalls: n,
        waitDurationInOpenStateMs: waitMs,
      });
      return overlap(new BreakerPair(breaker, new CockatielBreaker(new ConsecutiveBreaker(n), waitMs)), steps);
    };
    expect(await compare(histories, play, 1500)).toBeGreaterThan(1500);
  });

  it("a breaker over the last calls", async () => {
    const shape = fc
      .integer({ min: 1, max: 20 })
      .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size }), fc.constantFrom(...THRESHOLDS)));
    const play = ([[size, least, threshold], waitMs, steps]: [[number, number, number], number, Step[]]) => {
      const breaker = ours({
        failureRateThreshold: threshold,
        slidingWindow: { type: "count", size },
        minimumNumberOfCalls: least,
        waitDurationInOpenStateMs: waitMs,
      });
      const peer = new CockatielBreaker(new CountBreaker({ threshold, size, minimumNumberOfCalls: least }), waitMs);
      return overlap(new BreakerPair(breaker, peer), steps);
    };
    expect(await compare(fc.tuple(shape, waits, history), play, 1500)).toBeGreaterThan(1500);
  });
});

/** The calls of a second, each answered at once, the first at the full second. */
interface Second {
  readonly outcomes: readonly boolean[];
  readonly gapsMs: readonly number[];
}

const second = fc.record({
  outcomes: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
  gapsMs: fc.array(fc.integer({ min: 0, max: 240 }), { minLength: 4, maxLength: 4 }),
});
const rated = fc.record({
  threshold: fc.constantFrom(...THRESHOLDS),
  least: fc.integer({ min: 1, max: 8 }),
  seconds: fc.array(second, { minLength: 40, maxLength: 90 }),
});

async function everySecond(
  pair: BreakerPair,
  seconds: readonly Second[],
  mayAsk: (pair: BreakerPair, isFullSecond: boolean) => boolean,
): Promise<BreakerPair> {
  for (const { outcomes, gapsMs } of seconds) {
    for (const [index, isFailure] of outcomes.entries()) {
      if (index > 0) pair.elapse(gapsMs[index]!);
      if (!mayAsk(pair, index === 0)) continue;
      await pair.ask();
      if (pair.underWay === 0) continue;
      // Nobody else is let through beside a probe.
      if (pair.state === HALF_OPEN) await pair.ask();
      await pair.settle(0, isFailure);
      if (pair.isOver) return pair;
    }
    pair.elapse(1000 - (pair.nowMs % 1000));
  }
  return pair;
}

describe("like a breaker over the last ten seconds", () => {
  // Cockatiel's slices begin with a call: one at each full second keeps them where ours are.
  it("of cockatiel, where a call comes every second", async () => {
    const play = ({ threshold, least, seconds }: { threshold: number; least: number; seconds: Second[] }) => {
      const waitMs = 1500;
      const breaker = ours({
        failureRateThreshold: threshold,
        slidingWindow: { type: "time", sizeMs: WINDOW_MS },
        minimumNumberOfCalls: least,
        waitDurationInOpenStateMs: waitMs,
      });
      const minimumRps = (least - 0.5) / (WINDOW_MS / 1000);
      const peer = new CockatielBreaker(new SamplingBreaker({ threshold, duration: WINDOW_MS, minimumRps }), waitMs);
      return everySecond(new BreakerPair(breaker, peer), seconds, (pair, isFull) => isFull || pair.state === CLOSED);
    };
    expect(await compare(rated, play, 1000)).toBeGreaterThan(1000);
  });

  // Opossum forgets nothing when it closes, and what it refuses counts as calls without failure. It waits long enough
  // for all of that to leave its window.
  it("of opossum, where it waits for twice as long and is not asked in the second half", async () => {
    const play = ({ threshold, least, seconds }: { threshold: number; least: number; seconds: Second[] }) => {
      const waitMs = 2 * WINDOW_MS;
      const breaker = ours({
        failureRateThreshold: threshold,
        slidingWindow: { type: "time", sizeMs: WINDOW_MS },
        minimumNumberOfCalls: least,
        waitDurationInOpenStateMs: waitMs,
        automaticTransitionFromOpenToHalfOpen: true,
      });
      let openedMs = Infinity;
      return everySecond(new BreakerPair(breaker, new OpossumBreaker(threshold, least, waitMs)), seconds, (pair) => {
        pair.compare();
        openedMs = pair.state === OPEN ? Math.min(openedMs, pair.nowMs) : Infinity;
        return pair.nowMs < openedMs + WINDOW_MS - 1000 || openedMs === Infinity;
      });
    };
    expect(await compare(rated, play, 1000)).toBeGreaterThan(1000);
  });
});
