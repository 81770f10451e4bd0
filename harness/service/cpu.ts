// The cores of one instance as a machine: processor sharing, or first in, first out.
// Both are one idea: a virtual clock that advances by `rate` per millisecond, and a heap of the virtual times at
// which running tasks are done. Shared: all tasks run, at rate capacity × min(1, cores ÷ tasks). FIFO: at most
// `cores` tasks run, each at rate capacity. Hot code.
import { grow } from "../core/grow.ts";
import { IntRing } from "../core/int-ring.ts";
import { WakeHeap } from "../core/wake-heap.ts";
import type { CpuPlan } from "../model/service-plan.ts";

export class Cpu {
  readonly #cores: number;
  readonly #isShared: boolean;
  /** Share of the CPU that is left (1 = all), and 0 while the instance stands still. */
  #capacity = 1;
  #isStopped = false;
  readonly #running = new WakeHeap();
  /** FIFO only: tasks waiting for a core, and the work of each task by its id. */
  readonly #waiting = new IntRing();
  #work = new Float64Array(64);
  /** 0 unknown, 1 waiting, 2 running; a waiting task that was removed stays in the ring as 0. */
  #state = new Uint8Array(64);
  #virtualMs = 0;
  #lastMs: number;
  #rate = 1;

  constructor(plan: CpuPlan, workers: number, startMs: number) {
    this.#cores = plan.cores ?? workers;
    this.#isShared = plan.scheduling === "shared";
    this.#lastMs = startMs;
  }

  /** Cores in use, for the integral of utilisation. */
  get coresInUse(): number {
    return this.#isStopped ? 0 : Math.min(this.#running.size, this.#cores);
  }

  /** Cores there are; Infinity where every worker has its own and workers are unlimited. */
  get cores(): number {
    return this.#cores;
  }

  /** Starts `workMs` of CPU time for `task` (a small integer). */
  add(nowMs: number, task: number, workMs: number): void {
    this.#advance(nowMs);
    if (task >= this.#work.length) this.#grow(task);
    if (!this.#isShared && this.#running.size >= this.#cores) {
      this.#work[task] = workMs;
      this.#state[task] = 1;
      this.#waiting.push(task);
      return;
    }
    this.#state[task] = 2;
    this.#running.set(task, this.#virtualMs + workMs);
    this.#updateRate();
  }

  /** Stops a task that is no longer wanted. */
  remove(nowMs: number, task: number): void {
    this.#advance(nowMs);
    const state = this.#state[task]!;
    this.#state[task] = 0;
    if (state !== 2) return;
    this.#running.remove(task);
    this.#startWaiting();
    this.#updateRate();
  }

  /** When the next running task is done; Infinity = none is running. */
  nextDue(): number {
    if (this.#running.size === 0 || this.#rate === 0) return Infinity;
    return this.#lastMs + (this.#running.topTime - this.#virtualMs) / this.#rate;
  }

  /** Takes the task that is done at `dueMs` = nextDue(). */
  shift(dueMs: number): number {
    const task = this.#running.topId;
    this.#virtualMs = this.#running.topTime;
    this.#lastMs = dueMs;
    this.#state[task] = 0;
    this.#running.remove(task);
    this.#startWaiting();
    this.#updateRate();
    return task;
  }

  setCapacity(nowMs: number, ratio: number): void {
    this.#advance(nowMs);
    this.#capacity = ratio;
    this.#updateRate();
  }

  /** Stop the world, and go on. */
  setStopped(nowMs: number, isStopped: boolean): void {
    this.#advance(nowMs);
    this.#isStopped = isStopped;
    this.#updateRate();
  }

  #advance(nowMs: number): void {
    if (nowMs <= this.#lastMs) return;
    this.#virtualMs += (nowMs - this.#lastMs) * this.#rate;
    this.#lastMs = nowMs;
  }

  #startWaiting(): void {
    while (this.#waiting.length > 0 && this.#running.size < this.#cores) {
      const task = this.#waiting.shift();
      if (this.#state[task] !== 1) continue;
      this.#state[task] = 2;
      this.#running.set(task, this.#virtualMs + this.#work[task]!);
    }
  }

  #updateRate(): void {
    const tasks = this.#running.size;
    const share = this.#isShared && tasks > this.#cores ? this.#cores / tasks : 1;
    this.#rate = this.#isStopped ? 0 : this.#capacity * share;
  }

  #grow(task: number): void {
    const capacity = Math.max(this.#work.length * 2, task + 1);
    this.#work = grow(this.#work, capacity);
    this.#state = grow(this.#state, capacity);
  }
}
