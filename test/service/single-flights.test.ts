import * as fc from "fast-check";
import { expect, it } from "vitest";
import { NOBODY, SingleFlights } from "../../harness/service/single-flights.ts";

it("lets those who come during a flight follow it, in their order, and nobody after it", () => {
  const flights = new SingleFlights();
  expect([1, 2, 3].map((visit) => flights.follows(visit, 7))).toEqual([false, true, true]);
  expect(flights.follows(4, 8)).toBe(false);
  expect([1, 2, 3, 4, 5].map((visit) => flights.leaderOf(visit))).toEqual([NOBODY, 1, 1, NOBODY, NOBODY]);
  flights.landed(7);
  expect(flights.follows(5, 7)).toBe(false);
  expect([flights.shift(1), flights.shift(1), flights.shift(1)]).toEqual([2, 3, NOBODY]);
  expect(flights.shift(5)).toBe(NOBODY);
});

it("hands a flight that is given up to its first follower, whom the others follow", () => {
  const flights = new SingleFlights();
  for (const visit of [100, 2, 3, 70]) flights.follows(visit, 7);
  flights.leave(2);
  expect(flights.inherit(100, 7)).toBe(3);
  expect(flights.leaderOf(70)).toBe(3);
  expect(flights.follows(5, 7)).toBe(true);
  flights.landed(7);
  expect([flights.shift(3), flights.shift(3), flights.shift(3)]).toEqual([70, 5, NOBODY]);
  flights.follows(6, 7);
  expect(flights.inherit(6, 7)).toBe(NOBODY);
  expect(flights.follows(8, 7)).toBe(false);
});

it("never loses or doubles a follower, whoever leaves", () => {
  const step = fc.record({
    visit: fc.nat({ max: 150 }),
    key: fc.nat({ max: 2 }),
    do: fc.constantFrom("join", "join", "leave", "land"),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const flights = new SingleFlights();
      /** The leader and its followers, by key. */
      const model = new Map<number, number[]>();
      const isBusy = (visit: number): boolean => [...model.values()].some((line) => line.includes(visit));
      for (const { visit, key, do: action } of steps) {
        const line = model.get(key);
        if (action === "join" && !isBusy(visit)) {
          expect(flights.follows(visit, key)).toBe(line !== undefined);
          model.set(key, [...(line ?? []), visit]);
        } else if (action === "leave" && line !== undefined && line.length > 1) {
          const gone = line[1 + (visit % (line.length - 1))]!;
          flights.leave(gone);
          model.set(
            key,
            line.filter((each) => each !== gone),
          );
        } else if (action === "land" && line !== undefined) {
          flights.landed(key);
          model.delete(key);
          expect(line.map(() => flights.shift(line[0]!))).toEqual([...line.slice(1), NOBODY]);
        }
        for (const [leader, ...followers] of model.values())
          expect(followers.map((each) => flights.leaderOf(each))).toEqual(followers.map(() => leader));
      }
    }),
  );
});
