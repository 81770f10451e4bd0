import { describe, expect, it } from "vitest";
import type { GarbageCollectionPlan, MemoryPlan } from "../../harness/model/life-plan.ts";
import { GarbageCollector } from "../../harness/service/garbage-collector.ts";
import { Memory } from "../../harness/service/memory.ts";

const GIB = 1_073_741_824;

/** 4 GiB, of which a process uses 1 and each request that it holds 0.5; each leaves 1 behind. */
function collector(
  memory: Partial<MemoryPlan> = {},
  collection: Partial<GarbageCollectionPlan> = {},
  key = 0,
): GarbageCollector {
  const plan = { limitBytes: 4 * GIB, baseBytes: GIB, perRequestBytes: 0.5 * GIB, leakBytesPerMs: 0, ...memory };
  const pausePerGibMs = { kind: "constant", ms: 100 } as const;
  const garbage = { garbagePerRequestBytes: GIB, pausePerGibMs, ...collection };
  return new GarbageCollector(garbage, new Memory(plan, 0), key, 1);
}

function allocate(machine: GarbageCollector, times: number): void {
  for (let time = 0; time < times; time++) machine.allocated();
}

describe("a collection begins", () => {
  it("when what is in use and what is garbage no longer fit, not when they just do", () => {
    const machine = collector();
    allocate(machine, 3);
    machine.follow(5, 0);
    expect(machine.dueMs).toBe(Infinity);
    allocate(machine, 1);
    machine.follow(6, 0);
    expect(machine.dueMs).toBe(6);
  });

  it("the sooner the more requests are held", () => {
    const machine = collector();
    allocate(machine, 2);
    machine.follow(5, 2);
    expect(machine.dueMs).toBe(Infinity);
    machine.follow(6, 3);
    expect(machine.dueMs).toBe(6);
  });

  it("when a leak has taken the rest of the room", () => {
    const machine = collector({ leakBytesPerMs: GIB / 1000 });
    allocate(machine, 1);
    machine.follow(500, 0);
    expect(machine.dueMs).toBeCloseTo(2000, 6);
  });

  it("never where there is no garbage, however full the memory is", () => {
    const machine = collector();
    machine.follow(5, 6);
    expect(machine.dueMs).toBe(Infinity);
  });

  it("at the end of a standstill in which it should have begun", () => {
    const machine = collector({ leakBytesPerMs: GIB / 1000 });
    allocate(machine, 1);
    machine.follow(500, 0);
    machine.goOn(3000);
    expect(machine.dueMs).toBe(3000);
  });
});

describe("a collection", () => {
  it("takes as long as what is in use is large, whatever is garbage", () => {
    const machine = collector();
    machine.begin(1000, 0);
    expect(machine.endMs).toBe(1100);
    machine.end(1100);
    allocate(machine, 3);
    machine.begin(2000, 2);
    expect(machine.endMs).toBe(2200);
  });

  it("leaves no garbage behind", () => {
    const machine = collector();
    allocate(machine, 4);
    machine.begin(0, 0);
    machine.end(100);
    allocate(machine, 3);
    machine.follow(101, 0);
    expect(machine.dueMs).toBe(Infinity);
  });

  it("is the only one while it lasts", () => {
    const machine = collector();
    allocate(machine, 4);
    machine.begin(0, 0);
    machine.follow(50, 5);
    expect([machine.isCollecting, machine.dueMs]).toEqual([true, Infinity]);
  });

  it("is in the books as far as it has got", () => {
    const machine = collector();
    machine.begin(50, 0);
    expect(machine.take(100)).toEqual({ collections: 1, collectingMs: 50 });
    machine.end(150);
    expect(machine.take(200)).toEqual({ collections: 0, collectingMs: 50 });
  });

  it("draws its time anew, and the n-th of a life always the same", () => {
    const times = (key: number): number[] => {
      const machine = collector({}, { pausePerGibMs: { kind: "exponential", meanMs: 100 } }, key);
      return [0, 1, 2].map((n) => {
        machine.begin(n * 10_000, 0);
        return machine.end(machine.endMs);
      });
    };
    expect(new Set([...times(1), ...times(2)]).size).toBe(6);
    expect(times(1)).toEqual(times(1));
  });
});
