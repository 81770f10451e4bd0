import { expect, test } from "vitest";
import { Agenda } from "../../harness/wire/agenda.ts";
import type { Alarm } from "../../harness/wire/agenda.ts";
import type { RunClock } from "../../harness/wire/run-clock.ts";

/** A clock and an alarm that stand still until the test moves them. */
function byHand(earlyMs = 0) {
  let nowMs = 0;
  let armedForMs = Infinity;
  let ring = (): void => {};
  const stalls: number[] = [];
  const alarm: Alarm = {
    onRing: (given) => void (ring = given),
    set: (dueMs) => void (armedForMs = dueMs),
    close: () => {},
  };
  const clock = { originMs: 0, nowMs: () => nowMs } satisfies RunClock;
  const agenda = new Agenda({ clock, alarm, earlyMs, onStall: (_nowMs, lagMs) => stalls.push(lagMs) });
  const move = (toMs: number): void => void (nowMs = toMs);
  return { agenda, stalls, move, ring: () => ring(), armedFor: () => armedForMs };
}

test("work that is late is done in due order, and told when it was due", () => {
  const { agenda, move, ring } = byHand();
  const told: [string, number][] = [];
  agenda.at(7, (dueMs) => told.push(["second", dueMs]));
  agenda.at(3, (dueMs) => told.push(["first", dueMs]));
  agenda.at(30, (dueMs) => told.push(["not yet", dueMs]));
  move(20);
  ring();
  expect(told).toEqual([
    ["first", 3],
    ["second", 7],
  ]);
});

test("a message comes after all due work and is told the time it is", () => {
  const { agenda, move } = byHand();
  const told: [string, number][] = [];
  agenda.at(5, (dueMs) => told.push(["due", dueMs]));
  move(9);
  agenda.message((nowMs) => told.push(["message", nowMs]));
  expect(told).toEqual([
    ["due", 5],
    ["message", 9],
  ]);
});

test("an actor that asks again and again is woken at each of its times", () => {
  const { agenda, move, ring, armedFor } = byHand();
  const woken: number[] = [];
  let nextMs = 1;
  agenda.add({ nextWakeup: () => nextMs, wake: (dueMs) => void (woken.push(dueMs), (nextMs += 0.5)) });
  move(3.2);
  ring();
  expect(woken).toEqual([1, 1.5, 2, 2.5, 3]);
  expect(armedFor()).toBe(3.5);
});

test("work within the grain of the timer is done early, and time never runs backwards for anyone", () => {
  const { agenda, move, ring } = byHand(0.5);
  const told: number[] = [];
  agenda.at(10.4, (dueMs) => told.push(dueMs));
  move(10);
  ring();
  agenda.message((nowMs) => told.push(nowMs));
  expect(told).toEqual([10.4, 10.4]);
});

test("a message that comes up inside of work waits until the work is done", async () => {
  const { agenda, move, ring } = byHand();
  const order: string[] = [];
  agenda.at(1, () => {
    agenda.message(() => order.push("message"));
    order.push("work");
  });
  agenda.at(2, () => order.push("more work"));
  move(2);
  ring();
  await Promise.resolve();
  expect(order).toEqual(["work", "more work", "message"]);
});

test("a lag above 50 ms is a standstill, a smaller one is the grain of a timer", () => {
  const { agenda, stalls, move, ring } = byHand();
  agenda.at(10, () => {});
  move(59);
  ring();
  expect(stalls).toEqual([]);
  agenda.at(60, () => {});
  move(130);
  ring();
  expect(stalls).toEqual([70]);
});

test("removed work is not done, and its place is used again", () => {
  const { agenda, move, ring } = byHand();
  const done: string[] = [];
  const entry = agenda.at(1, () => done.push("removed"));
  agenda.remove(entry);
  agenda.remove(entry);
  expect(agenda.at(1, () => done.push("kept"))).toBe(entry);
  move(1);
  ring();
  expect(done).toEqual(["kept"]);
});

test("requests that were read at once take their places by the times at which they were to arrive", async () => {
  const { agenda, move } = byHand();
  const told: [string, number][] = [];
  const entry = agenda.add({ nextWakeup: () => Infinity, wake: () => {} });
  agenda.at(105, (dueMs) => told.push(["work", dueMs]));
  move(110);
  agenda.arrival(108, (nowMs) => told.push(["later", nowMs]), entry);
  agenda.arrival(102, (nowMs) => told.push(["earlier", nowMs]), entry);
  agenda.arrival(117, (nowMs) => told.push(["ahead of its time", nowMs]), entry);
  agenda.arrival(50, (nowMs) => told.push(["after a standstill", nowMs]), entry);
  expect(told).toEqual([]);
  await new Promise(setImmediate);
  expect(told).toEqual([
    ["earlier", 102],
    ["work", 105],
    ["later", 108],
    ["ahead of its time", 110],
    ["after a standstill", 110],
  ]);
});

test("one that is asked for more than it can do hears commands, does all in order, and has not stood still", async () => {
  const { agenda, stalls, move, ring } = byHand();
  let nowMs = 0;
  const told: [string, number][] = [];
  let works = 0;
  // Every millisecond there is work for two, a hundred times.
  agenda.add({
    nextWakeup: () => (works < 100 ? works : Infinity),
    wake: (dueMs) => {
      works++;
      told.push(["work", dueMs]);
      move((nowMs += 2));
    },
  });
  ring();
  const first = works;
  expect(first).toBeGreaterThan(25);
  expect(first).toBeLessThan(100);
  const messageMs = nowMs;
  agenda.message((dueMs) => told.push(["message", dueMs]));
  expect(told.at(-1)).toEqual(["work", first - 1]);
  // Not told the time it is, which the work that waits would then be told as well.
  agenda.command((dueMs) => told.push(["command", dueMs]));
  expect(told.at(-1)).toEqual(["command", first]);
  for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate);
  const times = told.map(([, dueMs]) => dueMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(told.find(([what]) => what === "message")).toEqual(["message", messageMs]);
  expect(told.filter(([what]) => what === "work")).toEqual(Array.from({ length: 100 }, (_, dueMs) => ["work", dueMs]));
  expect(stalls).toEqual([]);
});

test("what a message leads to at once needs no alarm", () => {
  const { agenda, move } = byHand();
  const told: number[] = [];
  move(5);
  agenda.message((nowMs) => void agenda.at(nowMs, (dueMs) => told.push(dueMs)));
  expect(told).toEqual([5]);
});
