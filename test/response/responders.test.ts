import fc from "fast-check";
import { expect, test } from "vitest";
import { Responders } from "../../harness/response/responders.ts";

const team = (responders: number) => new Responders({ name: "shop", responders, acknowledgeMs: 5, diagnoseMs: 10 });

test("a page about a cause that is open says nothing new", () => {
  const shop = team(2);
  expect(shop.page(0, "fire")).toEqual([{ cause: "fire", state: "waiting" }]);
  expect(shop.page(1, "fire")).toEqual([]);
  expect(shop.wake(15)).toEqual([
    { cause: "fire", state: "acknowledged" },
    { cause: "fire", state: "diagnosed" },
  ]);
  expect(shop.page(16, "fire")).toEqual([{ cause: "fire", state: "waiting" }]);
});

test("two responders take two pages at once, the third page waits for the first of them", () => {
  const shop = team(2);
  for (const cause of ["a", "b", "c"]) shop.page(0, cause);
  shop.page(0, "d");
  expect(shop.wake(5).map(({ cause }) => cause)).toEqual(["a", "b"]);
  expect(shop.wake(15).map(({ cause, state }) => `${cause} ${state}`)).toEqual(["a diagnosed", "b diagnosed"]);
  expect(shop.nextWakeup()).toBe(20);
});

test("the n-th page is diagnosed when a queue with that many servers would have served it", () => {
  const arrivals = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 30 });
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 4 }), (times, responders) => {
      const shop = team(responders);
      const sorted = times.toSorted((a, b) => a - b);
      const diagnosed: number[] = [];
      const drain = (untilMs: number) => {
        for (let due = shop.nextWakeup(); due <= untilMs; due = shop.nextWakeup()) {
          for (const { cause, state } of shop.wake(due)) if (state === "diagnosed") diagnosed[Number(cause)] = due;
        }
      };
      sorted.forEach((atMs, index) => {
        drain(atMs);
        shop.page(atMs, String(index));
      });
      drain(1e9);
      const free = Array.from({ length: responders }, () => 0);
      const expected = sorted.map((atMs) => {
        const server = free.indexOf(Math.min(...free));
        return (free[server] = Math.max(atMs, free[server]!) + 15);
      });
      expect(diagnosed).toEqual(expected);
    }),
  );
});
