// What an instance does, and its callers see, while its garbage is collected.
import { describe, expect, it } from "vitest";
import type { CallPlan } from "../../harness/model/call-plan.ts";
import type { VariantPlan } from "../../harness/model/service-plan.ts";
import { LIFE, SERVICE_WIDTH } from "../../harness/signals/columns.ts";
import { LIVENESS_PROBE } from "../../harness/service/errand.ts";
import { collectedMemory, lifePlan, probePlan } from "../service/life-plan.ts";
import { call, variantPlan, wait, work } from "../service/variant-plan.ts";
import { calling, fleetPlan } from "./fleet-plan.ts";
import { SmallFleet } from "./small-fleet.ts";

const MANY: Partial<VariantPlan> = { pool: { model: "threads", concurrency: null, queueCapacity: null } };

/** Works 10 ms for a request; a collection takes a second, and the third request begins one. */
const collecting = variantPlan([work(10)], { ...MANY, life: lifePlan({ memory: collectedMemory(1000) }) });

/** B, which takes 50 ms, is called by A; two requests before have filled A's memory with garbage. */
function caller(changes: Partial<CallPlan> = {}, b = 50): SmallFleet {
  const calls = [calling(1, changes)];
  const fleet = new SmallFleet(
    fleetPlan([{ ...collecting, calls, operations: [{ steps: [call(), work(10)] }] }, variantPlan([wait(b)], MANY)]),
  );
  for (const key of [1, 2]) fleet.ask({ key });
  fleet.pass(200);
  fleet.answers.length = 0;
  return fleet;
}

const life = (fleet: SmallFleet, column: keyof typeof LIFE): number => {
  fleet.service(0, "arrived");
  return fleet.tally.services[fleet.tally.layout.serviceRow[0]![0]![0]! * SERVICE_WIDTH + LIFE[column]]!;
};

describe("while its garbage is collected, an instance", () => {
  it("does nothing: work that was begun goes on after it, and what arrived then begins", () => {
    const fleet = new SmallFleet(fleetPlan([collecting]));
    for (const key of [1, 2, 3]) fleet.ask({ key });
    fleet.pass(500);
    fleet.ask({ key: 4 });
    fleet.pass(3000);
    expect(fleet.answers.map(({ key, atMs }) => [key, atMs])).toEqual([
      [1, 1010],
      [2, 1010],
      [3, 1010],
      [4, 1010],
    ]);
    expect([life(fleet, "collections"), life(fleet, "collectingMs")]).toEqual([1, 1000]);
  });

  it("is still in the books: what waits at its door is in it from the time at which it came", () => {
    const fleet = new SmallFleet(fleetPlan([collecting]));
    for (const key of [1, 2, 3]) fleet.ask({ key });
    fleet.pass(500);
    fleet.ask({ key: 4 });
    fleet.pass(1000);
    expect([fleet.service(0, "inSystemMs"), fleet.service(0, "sojournMs")]).toEqual([3500, 3500]);
  });

  it("answers no probe", () => {
    const probes = { startup: null, readiness: null, liveness: probePlan({ isApart: true }) };
    const variant = { ...collecting, life: lifePlan({ memory: collectedMemory(1000), probes }) };
    const fleet = new SmallFleet(fleetPlan([variant]));
    for (const key of [1, 2, 3]) fleet.ask({ key });
    fleet.pass(500);
    fleet.actor(0).errand(500, LIVENESS_PROBE, 7);
    fleet.pass(3000);
    expect(fleet.errands).toEqual([[0, 7, true, 1000]]);
  });

  it("does not hear that a caller gives up, and ends that work where it may when it goes on", () => {
    const fleet = new SmallFleet(fleetPlan([{ ...collecting, onDeadline: "cancel" }]));
    for (const key of [1, 2, 3]) fleet.ask({ key });
    fleet.pass(100);
    const late = fleet.ask({ key: 4 });
    fleet.pass(200);
    fleet.giveUp(late);
    fleet.pass(999);
    expect([fleet.answers.length, fleet.service(0, "abandoned")]).toEqual([0, 0]);
    fleet.pass(1000);
    expect(fleet.answers.map(({ key, atMs, cause }) => [key, atMs, cause])).toEqual([[4, 1000, "cancelled"]]);
    expect([fleet.service(0, "abandoned"), fleet.service(0, "abandonedOwn")]).toEqual([1, 1]);
  });

  it("hears an answer when it goes on, and the time until then is its own", () => {
    const fleet = caller();
    fleet.ask({ key: 3 });
    fleet.pass(2000);
    // The third request begins the collection, just after it has called.
    expect(fleet.answers.map(({ atMs, cause, slow }) => [atMs, cause, ...slow])).toEqual([[1210, "ok", 0, 1_010_000]]);
  });

  it("has heard an answer in time that came before the timeout of its attempt", () => {
    const fleet = caller({ attemptTimeoutMs: 100 });
    fleet.ask({ key: 3 });
    fleet.pass(2000);
    expect(fleet.answers.map(({ cause }) => cause)).toEqual(["ok"]);
  });

  it("notices when it goes on that an attempt had timed out before its answer came", () => {
    const fleet = caller({ attemptTimeoutMs: 40 }, 90);
    fleet.ask({ key: 3 });
    fleet.pass(2000);
    expect(fleet.answers.map(({ atMs, cause, origin }) => [atMs, cause, ...origin])).toEqual([
      [1200, "error", 1, "timeout"],
    ]);
  });

  it("takes connections from those who came first", () => {
    const fleet = new SmallFleet(fleetPlan([{ ...collecting, maxConnections: 5 }]));
    for (const key of [1, 2, 3]) fleet.ask({ key });
    fleet.pass(100);
    for (const key of [4, 5, 6, 7]) fleet.ask({ key });
    fleet.pass(3000);
    const refused = fleet.answers.filter(({ cause }) => cause === "refused");
    expect(refused.map(({ key }) => key)).toEqual([6, 7]);
  });

  it("cannot say that it has nothing left to do", () => {
    const fleet = new SmallFleet(fleetPlan([collecting]));
    for (const key of [1, 2, 3]) fleet.ask({ key });
    fleet.pass(100);
    fleet.actor(0).stop(100);
    fleet.pass(1009);
    expect(fleet.drained).toEqual([]);
    fleet.pass(1010);
    expect(fleet.drained).toEqual([0]);
  });

  it("loses all that it holds when it is killed, also what waits at its door", () => {
    const fleet = new SmallFleet(fleetPlan([collecting]));
    for (const key of [1, 2, 3]) fleet.ask({ key });
    fleet.pass(100);
    fleet.ask({ key: 4 });
    fleet.crash(0);
    expect(fleet.answers.map(({ key, cause }) => [key, cause])).toEqual(
      [1, 2, 3, 4].map((key) => [key, "connectionReset"]),
    );
  });
});

describe("a caller's clock goes on while its callee's garbage is collected", () => {
  it("and runs out", () => {
    const a = variantPlan([call()], { ...MANY, calls: [calling(1, { attemptTimeoutMs: 300 })] });
    const fleet = new SmallFleet(fleetPlan([a, collecting]));
    for (const key of [1, 2, 3]) fleet.ask({ key });
    fleet.pass(300);
    expect(fleet.answers.map(({ atMs, cause }) => [atMs, cause])).toEqual([1, 2, 3].map(() => [300, "error"]));
  });
});

describe("a process that is stopped while it collects", () => {
  function stopped(untilMs: number): number[] {
    const fleet = new SmallFleet(fleetPlan([collecting]));
    for (const key of [1, 2, 3]) fleet.ask({ key });
    fleet.pass(500);
    fleet.pause(0);
    fleet.pass(untilMs);
    fleet.resume(0);
    fleet.pass(5000);
    return fleet.answers.map(({ atMs }) => atMs);
  }

  it("goes on with the collection", () => {
    expect(stopped(800)).toEqual([1010, 1010, 1010]);
  });

  it("has ended it if it would have ended meanwhile", () => {
    expect(stopped(2000)).toEqual([2010, 2010, 2010]);
  });
});

it("an instance that is at its limit without any garbage dies, and one that has garbage collects first", () => {
  const memory = collectedMemory(1000, { perRequestBytes: 2 ** 28 });
  const fleet = new SmallFleet(fleetPlan([{ ...collecting, life: lifePlan({ memory }) }]));
  for (const key of [1, 2]) fleet.ask({ key });
  fleet.pass(100);
  expect([fleet.crashed.length, life(fleet, "collections")]).toEqual([0, 1]);
  for (const key of [3, 4, 5]) fleet.ask({ key });
  fleet.pass(5000);
  expect(fleet.crashed).toEqual([[0, 1500]]);
});
