import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CpuPlan } from "../../harness/model/service-plan.ts";
import { Cpu } from "../../harness/service/cpu.ts";

const shared = (cores: number | null): CpuPlan => ({ cores, scheduling: "shared" });
const fifo = (cores: number | null): CpuPlan => ({ cores, scheduling: "fifo" });

/** Takes what is done until `toMs`, as [task, when]. */
function finish(cpu: Cpu, toMs = Infinity): [number, number][] {
  const done: [number, number][] = [];
  for (let dueMs = cpu.nextDue(); dueMs <= toMs && dueMs < Infinity; dueMs = cpu.nextDue())
    done.push([cpu.shift(dueMs), dueMs]);
  return done;
}

describe("shared cores", () => {
  it("let each of n tasks run at 1 ÷ n of a core", () => {
    const cpu = new Cpu(shared(1), 8, 0);
    for (const task of [0, 1, 2, 3]) cpu.add(0, task, 10);
    expect(finish(cpu)).toEqual([0, 1, 2, 3].map((task) => [task, 40]));
  });

  it("serve a newcomer at once, at the cost of those that run", () => {
    const cpu = new Cpu(shared(1), 8, 0);
    cpu.add(0, 0, 10);
    cpu.add(5, 1, 2);
    // From 5 both run at half speed: the short one is done at 9, and the long one has 3 left.
    expect(finish(cpu)).toEqual([
      [1, 9],
      [0, 12],
    ]);
  });

  it("run no task faster than one core", () => {
    const cpu = new Cpu(shared(4), 8, 0);
    cpu.add(0, 0, 10);
    cpu.add(0, 1, 20);
    expect(finish(cpu)).toEqual([
      [0, 10],
      [1, 20],
    ]);
  });

  it("speed up for those that stay when one is removed", () => {
    const cpu = new Cpu(shared(1), 8, 0);
    cpu.add(0, 0, 10);
    cpu.add(0, 1, 10);
    cpu.remove(10, 0);
    expect(finish(cpu)).toEqual([[1, 15]]);
  });

  it("without a limit give every task its own", () => {
    const cpu = new Cpu(shared(null), Infinity, 0);
    for (let task = 0; task < 1000; task++) cpu.add(0, task, 10);
    expect(new Set(finish(cpu).map(([, atMs]) => atMs))).toEqual(new Set([10]));
  });
});

describe("cores in order", () => {
  it("run as many tasks as there are cores, the others one after the other", () => {
    const cpu = new Cpu(fifo(2), 8, 0);
    for (const [task, workMs] of [10, 4, 1, 5].entries()) cpu.add(0, task, workMs);
    expect(finish(cpu)).toEqual([
      [1, 4],
      [2, 5],
      [0, 10],
      [3, 10],
    ]);
  });

  it("forget the place in line of a task that was removed, also if it comes back", () => {
    const cpu = new Cpu(fifo(1), 8, 0);
    for (const task of [0, 1, 2]) cpu.add(0, task, 10);
    cpu.remove(1, 1);
    cpu.add(2, 1, 10);
    expect(finish(cpu)).toEqual([
      [0, 10],
      [2, 20],
      [1, 30],
    ]);
  });

  it("let the next in line begin when the running task is removed", () => {
    const cpu = new Cpu(fifo(1), 8, 0);
    for (const task of [0, 1, 2]) cpu.add(0, task, 10);
    cpu.remove(3, 0);
    cpu.remove(4, 2);
    expect(finish(cpu)).toEqual([[1, 13]]);
  });
});

describe("the cpu", () => {
  it("works at the share that is left, from the moment it changes", () => {
    const cpu = new Cpu(fifo(1), 1, 0);
    cpu.add(0, 0, 10);
    cpu.setCapacity(4, 0.5);
    cpu.setCapacity(8, 1);
    // 4 done until 4, 2 until 8, 4 to go.
    expect(finish(cpu)).toEqual([[0, 12]]);
  });

  it("does nothing while it stands still or nothing of it is left, and goes on where it was", () => {
    const cpu = new Cpu(shared(1), 1, 0);
    cpu.add(0, 0, 10);
    cpu.setStopped(3, true);
    expect([cpu.nextDue(), cpu.coresInUse]).toEqual([Infinity, 0]);
    cpu.setStopped(100, false);
    expect(cpu.nextDue()).toBe(107);
    cpu.setCapacity(101, 0);
    expect(cpu.nextDue()).toBe(Infinity);
    cpu.setCapacity(201, 1);
    expect(finish(cpu)).toEqual([[0, 207]]);
  });

  it("is never due before now, though sums of times are rounded", () => {
    const cpu = new Cpu(shared(1), 9, 0);
    for (let task = 0; task < 7; task++) cpu.add(task / 3, task, 10 + task / 7);
    for (let task = 7; task < 5000; task++) {
      const dueMs = cpu.nextDue();
      cpu.add(dueMs, task, 10 + (task % 11) / 7);
      expect(cpu.nextDue()).toBeGreaterThanOrEqual(dueMs);
      cpu.shift(cpu.nextDue());
    }
  });

  it("counts the cores in use, and has as many as workers unless told", () => {
    const cpu = new Cpu(shared(null), 3, 0);
    for (let task = 0; task < 5; task++) cpu.add(0, task, 1);
    expect([cpu.cores, cpu.coresInUse]).toEqual([3, 3]);
    finish(cpu);
    expect(cpu.coresInUse).toBe(0);
  });
});

/** The same, by keeping what is left of each task and letting all of them run from one event to the next. */
class SlowCpu {
  readonly #plan: CpuPlan;
  /** In order of arrival. */
  #tasks: { id: number; leftMs: number }[] = [];
  #nowMs = 0;
  capacity = 1;
  isStopped = false;
  readonly done = new Map<number, number>();

  constructor(plan: CpuPlan) {
    this.#plan = plan;
  }

  add(id: number, workMs: number): void {
    this.#tasks.push({ id, leftMs: workMs });
  }

  remove(id: number): void {
    this.#tasks = this.#tasks.filter((task) => task.id !== id);
  }

  pass(toMs: number): void {
    for (;;) {
      const cores = this.#plan.cores!;
      const running = this.#plan.scheduling === "shared" ? this.#tasks : this.#tasks.slice(0, cores);
      const rate = this.isStopped || running.length === 0 ? 0 : this.capacity * Math.min(1, cores / running.length);
      const least = Math.min(Infinity, ...running.map((task) => task.leftMs));
      const dueMs = rate === 0 ? Infinity : this.#nowMs + least / rate;
      const untilMs = Math.min(toMs, dueMs);
      if (untilMs < Infinity) for (const task of running) task.leftMs -= (untilMs - this.#nowMs) * rate;
      if (dueMs > toMs) {
        this.#nowMs = toMs;
        return;
      }
      this.#nowMs = dueMs;
      for (const task of running.filter(({ leftMs }) => leftMs <= 1e-9)) {
        this.done.set(task.id, dueMs);
        this.remove(task.id);
      }
    }
  }
}

const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("add" as const), amount: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("remove" as const), amount: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("capacity" as const), amount: fc.constantFrom(0, 1, 3, 10) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("stop" as const), amount: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("wait" as const), amount: fc.integer({ min: 1, max: 20 }) }) },
);

describe("the cpu, against one that keeps what is left of each task,", () => {
  it("finishes the same tasks at the same times", () => {
    const plan = fc.record({
      cores: fc.integer({ min: 1, max: 4 }),
      scheduling: fc.constantFrom("shared" as const, "fifo" as const),
    });
    fc.assert(
      fc.property(plan, fc.array(action, { maxLength: 80 }), (plan, actions) => {
        const cpu = new Cpu(plan, Infinity, 0);
        const slow = new SlowCpu(plan);
        const done = new Map<number, number>();
        const held: number[] = [];
        let next = 0;
        let nowMs = 0;
        const pass = (toMs: number): void => {
          for (const [task, atMs] of finish(cpu, toMs)) {
            done.set(task, atMs);
            held.splice(held.indexOf(task), 1);
          }
          slow.pass(toMs);
        };
        for (const { do: what, amount } of actions) {
          // Steps and works are incommensurable, so that nothing ends exactly when something else happens.
          if (what === "wait") pass((nowMs += amount * Math.SQRT2));
          else if (what === "add") {
            // Ids come back, as the slots of an instance do.
            const task = held.length < 3 ? [0, 1, 2].find((id) => !held.includes(id) && !done.has(id)) : undefined;
            const id = task ?? 10 + next++;
            held.push(id);
            cpu.add(nowMs, id, amount * Math.sqrt(3));
            slow.add(id, amount * Math.sqrt(3));
          } else if (what === "remove" && held.length > 0) {
            const [id] = held.splice(amount % held.length, 1);
            cpu.remove(nowMs, id!);
            slow.remove(id!);
          } else if (what === "capacity") {
            cpu.setCapacity(nowMs, amount / 10);
            slow.capacity = amount / 10;
          } else if (what === "stop") {
            cpu.setStopped(nowMs, amount === 1);
            slow.isStopped = amount === 1;
          }
        }
        cpu.setCapacity(nowMs, (slow.capacity = 1));
        cpu.setStopped(nowMs, (slow.isStopped = false));
        pass(nowMs + 10_000);
        expect(new Set(done.keys())).toEqual(new Set(slow.done.keys()));
        for (const [task, atMs] of done) expect(atMs).toBeCloseTo(slow.done.get(task)!, 6);
        expect(cpu.coresInUse).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
