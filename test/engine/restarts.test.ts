// How a dead instance is started again.
import { describe, expect, it } from "vitest";
import { MemoryFleet } from "./memory-fleet.ts";
import { livesOf, withLife } from "./small-life.ts";

const backoff = { initialMs: 10_000, maxMs: 300_000, multiplier: 2, resetAfterMs: 600_000, jitter: "none" } as const;

describe("a back-off", () => {
  it("lets the first death pass and holds back the start after each further one", () => {
    const fleet = new MemoryFleet(
      withLife({ restart: { backoff } }, { replicasPerZone: [1], timeline: [], startupMs: 2000 }),
    );
    fleet
      .at(5000, () => fleet.crash(0))
      .at(8000, () => fleet.crash(0))
      .at(21_000, () => fleet.crash(0));
    expect(livesOf(fleet.run(50_000))).toEqual([
      "5000 shop#0 crashed",
      "5000 shop#0 starting",
      "7000 shop#0 ready",
      "8000 shop#0 crashed",
      "8000 shop#0 backingOff",
      "18000 shop#0 starting",
      "20000 shop#0 ready",
      "21000 shop#0 crashed",
      "21000 shop#0 backingOff",
      "41000 shop#0 starting",
      "43000 shop#0 ready",
    ]);
  });

  it("is each instance's own, and its jitter spreads those that died together", () => {
    const life = { restart: { backoff: { ...backoff, jitter: "full" } } } as const;
    const fleet = new MemoryFleet(withLife(life, { replicasPerZone: [4], timeline: [], startupMs: 0 }));
    const crashAll = () => [0, 1, 2, 3].forEach((id) => fleet.crash(id));
    fleet.at(5000, crashAll).at(6000, crashAll).run(60_000);
    const startsMs = fleet.events.flatMap((event) =>
      event.kind === "instance" && event.state === "starting" ? [event.atMs] : [],
    );
    expect(startsMs.slice(0, 4)).toEqual([5000, 5000, 5000, 5000]);
    expect(new Set(startsMs.slice(4)).size).toBe(4);
    for (const startMs of startsMs.slice(4)) expect(startMs).toBeLessThan(16_000);
  });

  it("leaves nobody to be stopped, who waits for a start", () => {
    const timeline = [{ do: "release", atMs: 9000, version: 0, background: false }] as const;
    const options = { replicasPerZone: [2], timeline, rollout: { kind: "recreate" }, startupMs: 1000 } as const;
    const fleet = new MemoryFleet(withLife({ restart: { backoff } }, options));
    fleet
      .at(5000, () => fleet.crash(1))
      .at(8000, () => fleet.crash(1))
      .run(60_000);
    expect(livesOf(fleet).filter((line) => line.includes("shop#1"))).toEqual([
      "5000 shop#1 crashed",
      "5000 shop#1 starting",
      "6000 shop#1 ready",
      "8000 shop#1 crashed",
      "8000 shop#1 backingOff",
      "9000 shop#1 stopping",
      "9000 shop#1 stopped",
    ]);
    expect(fleet.variants()).toEqual([0, 2]);
  });
});

describe("a version that dies at the end of its start-up", () => {
  it("stops a rolling update where its surge ends: nobody who is ready is taken away", () => {
    const rollout = {
      kind: "rollingUpdate",
      maxSurge: { count: 3 },
      maxUnavailable: { count: 2 },
      minReadyMs: 0,
    } as const;
    const crash = { afterMs: null, onOperation: null, onStart: true };
    const plan = withLife({ crash, restart: { backoff } }, { replicasPerZone: [10], rollout, startupMs: 5000 }, 1);
    const fleet = new MemoryFleet(plan).run();
    // As the comment in Kubernetes' rolling.go has it: 8 old ones and 5 new ones, and never further.
    const living = fleet.latestRoute().endpoints;
    expect(living.map(({ variant }) => variant)).toEqual(Array(8).fill(0));
    expect(fleet.phases()).toEqual(["10000 progressing"]);
    const starts = fleet.events.filter((event) => event.kind === "instance" && event.state === "starting");
    expect(new Set(starts.map((event) => event.kind === "instance" && event.instance)).size).toBe(5);
  });

  it("is tried again after 0, 10, 20, 40 s, each time after its start-up", () => {
    const rollout = {
      kind: "rollingUpdate",
      maxSurge: { count: 1 },
      maxUnavailable: { count: 0 },
      minReadyMs: 0,
    } as const;
    const crash = { afterMs: null, onOperation: null, onStart: true };
    const plan = withLife({ crash, restart: { backoff } }, { replicasPerZone: [1], rollout, startupMs: 5000 }, 1);
    const fleet = new MemoryFleet(plan).run(120_000);
    expect(livesOf(fleet).filter((line) => line.includes("starting"))).toEqual([
      "10000 shop#1 starting",
      "15000 shop#1 starting",
      "30000 shop#1 starting",
      "55000 shop#1 starting",
      "100000 shop#1 starting",
    ]);
  });
});
