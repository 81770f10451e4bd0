// How instances are kept ready and alive: start-up work and probes.
import { describe, expect, it } from "vitest";
import { LIVENESS_PROBE, READINESS_PROBE, STARTUP_PROBE, STARTUP_WORK } from "../../harness/service/errand.ts";
import { probePlan } from "../service/life-plan.ts";
import { MemoryFleet, type MemoryFleetOptions } from "./memory-fleet.ts";
import { livesOf, withLife } from "./small-life.ts";

const none = { startup: null, readiness: null, liveness: null };
const one = { replicasPerZone: [1], timeline: [], startupMs: 5000, endMs: 200_000 };
const backoff = { initialMs: 10_000, maxMs: 300_000, multiplier: 2, resetAfterMs: 600_000, jitter: "none" } as const;

/** Errands of one kind end badly while the test says so; everything else ends well. */
function failing(kind: number, isFailing: (atMs: number) => boolean): MemoryFleetOptions {
  return { errand: (errand, atMs) => ({ isOk: errand !== kind || !isFailing(atMs), afterMs: 10 }) };
}

/** The moment that the one instance's first probe of the run comes. */
function phaseOf(fleet: MemoryFleet, state: string, failures: number): number {
  const event = fleet.events.find((each) => each.kind === "instance" && each.state === state)!;
  return event.atMs - 10 - (failures - 1) * 10_000;
}

describe("readiness", () => {
  it("is lost after three failures in a row and comes back with one success, and the instance runs on", () => {
    const probes = { ...none, readiness: probePlan() };
    const fleet = new MemoryFleet(
      withLife({ probes }, one),
      failing(READINESS_PROBE, (atMs) => atMs < 100_000),
    ).run();
    const firstMs = phaseOf(fleet, "unready", 3);
    expect(firstMs).toBeGreaterThanOrEqual(0);
    expect(firstMs).toBeLessThan(10_000);
    expect(livesOf(fleet)).toEqual([`${firstMs + 20_010} shop#0 unready`, `${firstMs + 100_010} shop#0 ready`]);
    expect(fleet.routes.map(({ route }) => route.endpoints.length)).toEqual([1, 0, 1]);
    expect(fleet.commands).toEqual(["0 start 0"]);
  });

  it("comes at the first probe after the start-up", () => {
    const probes = { ...none, readiness: probePlan() };
    const fleet = new MemoryFleet(withLife({ probes }, { ...one, startupMs: 12_000 }));
    fleet.at(1000, () => fleet.crash(0)).run();
    expect(livesOf(fleet)).toEqual(["1000 shop#0 crashed", "1000 shop#0 starting", "21000 shop#0 ready"]);
  });

  it("never comes to a version that fails it, so that a rolling update stops by itself", () => {
    const rollout = {
      kind: "rollingUpdate",
      maxSurge: { count: 1 },
      maxUnavailable: { count: 0 },
      minReadyMs: 0,
    } as const;
    const options = { replicasPerZone: [4], rollout, startupMs: 5000, endMs: 100_000 };
    const fleet = new MemoryFleet(withLife({ failReadiness: true }, options, 1)).run();
    expect(livesOf(fleet)).toEqual(["10000 shop#4 starting"]);
    expect(fleet.latestRoute().endpoints.map(({ variant }) => variant)).toEqual([0, 0, 0, 0]);
  });

  it("fails by not being answered in time too", () => {
    const probes = { ...none, readiness: probePlan() };
    const slow: MemoryFleetOptions = { errand: () => ({ isOk: true, afterMs: 1001 }) };
    const fleet = new MemoryFleet(withLife({ probes }, one), slow).run();
    expect(livesOf(fleet)).toHaveLength(1);
    expect(livesOf(fleet)[0]).toMatch(/unready$/);
  });
});

describe("liveness", () => {
  it("has the instance told to end after three failures, killed after its grace, and started again", () => {
    const probes = { ...none, liveness: probePlan() };
    const options = { ...failing(LIVENESS_PROBE, (atMs) => atMs < 30_000), drainMs: Infinity };
    const fleet = new MemoryFleet(withLife({ probes, restart: { backoff } }, one), options).run();
    const deadMs = phaseOf(fleet, "unhealthy", 3) + 20_010;
    expect(livesOf(fleet)).toEqual([
      `${deadMs} shop#0 unhealthy`,
      `${deadMs + 30_000} shop#0 stopped`,
      `${deadMs + 30_000} shop#0 starting`,
      `${deadMs + 35_000} shop#0 ready`,
    ]);
    // Its callers go on sending to it until it is seen to have ended.
    expect(fleet.routes.map(({ atMs, route }) => [atMs, route.endpoints.length])).toEqual([
      [0, 1],
      [deadMs + 31_000, 0],
      [deadMs + 36_000, 1],
    ]);
    expect(fleet.commands).toEqual([
      "0 start 0",
      `${deadMs} stop 0`,
      `${deadMs + 30_000} kill 0`,
      `${deadMs + 30_000} start 0.1`,
    ]);
  });

  it("kills again and again what takes longer to start than it is given", () => {
    const probes = { ...none, liveness: probePlan() };
    const plan = withLife({ probes, restart: { backoff } }, { ...one, startupMs: 60_000 });
    const fleet = new MemoryFleet(plan);
    fleet.at(1000, () => fleet.crash(0)).run();
    // Probed at 0, 10 and 20 s of each life; the first death costs nothing, the second 10 s, the third 20 s.
    expect(livesOf(fleet).filter((line) => line.endsWith("unhealthy"))).toEqual([
      "21000 shop#0 unhealthy",
      "51000 shop#0 unhealthy",
      "91000 shop#0 unhealthy",
      "151000 shop#0 unhealthy",
    ]);
    expect(fleet.unhealthyRestarts).toEqual([0, 0, 0, 0]);
  });

  it("leaves it alone as long as its startup probe has not succeeded, and kills it when that gives up", () => {
    const startup = probePlan({ failureThreshold: 4 });
    const probes = { ...none, startup, liveness: probePlan() };
    const slow = new MemoryFleet(withLife({ probes }, { ...one, startupMs: 29_000 }));
    slow.at(1000, () => slow.crash(0)).run(120_000);
    expect(livesOf(slow)).toEqual(["1000 shop#0 crashed", "1000 shop#0 starting", "31000 shop#0 ready"]);
    // Worst-case start-up: failureThreshold × periodSeconds.
    const never = new MemoryFleet(withLife({ probes }, { ...one, startupMs: 300_000 }));
    never.at(1000, () => never.crash(0)).run(40_000);
    expect(livesOf(never).slice(2)).toEqual([
      "31000 shop#0 unhealthy",
      "31000 shop#0 stopped",
      "31000 shop#0 starting",
    ]);
  });
});

describe("start-up work", () => {
  const startupWork = { steps: [] };

  it("follows the start-up time, and the instance is ready when it is done", () => {
    const options: MemoryFleetOptions = { errand: () => ({ isOk: true, afterMs: 7000 }) };
    const fleet = new MemoryFleet(withLife({ startupWork }, one), options);
    fleet.at(1000, () => fleet.crash(0)).run();
    expect(livesOf(fleet)).toEqual(["1000 shop#0 crashed", "1000 shop#0 starting", "13000 shop#0 ready"]);
  });

  it("that fails is a crash, and is tried again after the back-off", () => {
    const fleet = new MemoryFleet(
      withLife({ startupWork, restart: { backoff } }, one),
      failing(STARTUP_WORK, (atMs) => atMs < 10_000),
    );
    fleet.at(1000, () => fleet.crash(0)).run();
    expect(livesOf(fleet)).toEqual([
      "1000 shop#0 crashed",
      "1000 shop#0 starting",
      "6010 shop#0 crashed",
      "6010 shop#0 backingOff",
      "16010 shop#0 starting",
      "21020 shop#0 ready",
    ]);
  });

  it("comes before the startup probe can succeed", () => {
    const probes = { ...none, startup: probePlan({ periodMs: 1000, failureThreshold: 100 }) };
    const asked: number[] = [];
    const options: MemoryFleetOptions = {
      errand: (errand, atMs) => {
        if (errand === STARTUP_PROBE) asked.push(atMs);
        return { isOk: true, afterMs: errand === STARTUP_WORK ? 2500 : 0 };
      },
    };
    const fleet = new MemoryFleet(withLife({ probes, startupWork }, one), options);
    fleet.at(1000, () => fleet.crash(0)).run();
    expect(asked).toEqual([9000]);
    expect(livesOf(fleet).at(-1)).toBe("9000 shop#0 ready");
  });
});
