// The textbook metastable failure (Bronson et al., HotOS 2021): a database that can do C queries a second is paused for
// ten seconds while everybody may try 1 + R times. Who fails tries L(1 + R) times a second, so the queue that the pause
// has left behind shrinks by what is left of C, and not at all from L = C/(1 + R) on.
//
// Tolerance. With S seconds of pause the backlog is S·x for x = L(1 + R), and takes S·x/(C − x) to go: seen to go within
// W seconds where x < C·W/(S + W), which is 0.952 C. Arrivals are Poisson, so over W the load is L within 4/√(LW): 3.7 %
// at 60 a second. At 0.9 C the outage must be seen to end; at 1.04 C a queue of thousands, which grows by 4 % of what
// comes, must not empty by chance.
import { describe, expect, test } from "vitest";
import { CAPACITY, type Cell, PAUSE_SECONDS, secondsDown, WATCHED_SECONDS } from "./metastable-cell.ts";

const BELOW = 0.9;
const ABOVE = 1.04;

const boundary = (attempts: number): number => CAPACITY / attempts;

function at(ratePerSecond: number, attempts: number, defence: string): Cell {
  return { ratePerSecond: Math.round(ratePerSecond), attempts, defence };
}

test("the tolerance is what theory says", () => {
  const slowest = WATCHED_SECONDS / (PAUSE_SECONDS + WATCHED_SECONDS);
  const chance = 4 / Math.sqrt(60 * WATCHED_SECONDS);
  expect(BELOW).toBeLessThan(slowest * (1 - chance));
  expect(ABOVE).toBeGreaterThan(1 + chance);
});

// Back-off makes the same attempts a little later.
describe.each(["none", "back-off"])("with %s against it, the boundary is C/(1 + R)", (defence) => {
  test.each([2, 3, 4])("with %i attempts", async (attempts) => {
    expect(await secondsDown(at(BELOW * boundary(attempts), attempts, defence))).not.toBeNull();
    expect(await secondsDown(at(ABOVE * boundary(attempts), attempts, defence))).toBeNull();
  });
});

test("without retries it is C, and the outage takes what the backlog takes", async () => {
  const rate = BELOW * CAPACITY;
  const seconds = (PAUSE_SECONDS * rate) / (CAPACITY - rate);
  const seen = await secondsDown(at(rate, 1, "none"));
  // 90 s. Answers are in time again when a second's arrivals still wait; it is seen in windows of ten seconds; and as
  // many arrive meanwhile as chance will have it.
  const chance = (4 * Math.sqrt(rate * (PAUSE_SECONDS + seconds))) / (CAPACITY - rate);
  expect(Math.abs(seen! - seconds)).toBeLessThan(rate / (CAPACITY - rate) + 10 + chance);
});

test("a budget of one retry for ten calls makes it C/1.1, however many attempts there may be", async () => {
  expect(await secondsDown(at((BELOW * CAPACITY) / 1.1, 4, "retry-budget"))).not.toBeNull();
  expect(await secondsDown(at((ABOVE * CAPACITY) / 1.1, 4, "retry-budget"))).toBeNull();
});

// What is served first is in time: nobody who can be served fails, so nobody tries again.
test.each(["lifo", "bounded-queue"])("with %s there is none below C", async (defence) => {
  for (const attempts of [2, 4]) expect(await secondsDown(at(280, attempts, defence))).toBeLessThanOrEqual(20);
});

test("skipping who gave up moves it, but not to C: who is next in line has no time left", async () => {
  expect(await secondsDown(at(ABOVE * boundary(4), 4, "expiry-dropping"))).not.toBeNull();
  expect(await secondsDown(at(280, 4, "expiry-dropping"))).toBeNull();
});
