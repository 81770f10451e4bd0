// The cores of one instance as a machine: processor sharing, or first in, first out.
// Both are one idea: a virtual clock that advances by `rate` per millisecond, and a heap of the virtual times at
// which running tasks are done. Shared: all tasks run, at rate capacity × min(1, cores ÷ tasks). FIFO: at most
// `cores` tasks run, each at rate capacity; the others stand in a line. Hot code.
import { grow } from "../core/grow.ts";
import { WakeHeap } from "../core/wake-heap.ts";
import type { CpuPlan } from "../model/service-plan.ts";

const INITIAL_CAPACITY = 64;

const NOBODY = -1;

/** What a task is doing. */
const ABSENT = 0;
const WAITING = 1;
const RUNNING = 2;

export class Cpu {
  /** Cores there are; Infinity where every worker has its own and workers are unlimited. */
  readonly cores: number;
  readonly #isShared: boolean;
  /** Share of the CPU that is left (1 = all). */
  #capacity = 1;
  /** How fast the code is that runs on it (1 = as it is written). */
  #pace = 1;
  #isStopped = false;
  /** Cores that collect garbage while the tasks are stopped. */
  #collecting = 0;
  readonly #running = new WakeHeap();
  #state = new Uint8Array(INITIAL_CAPACITY);
  /** FIFO only: the line for a core, linked both ways so that a task that is removed leaves no trace; and the work of those in it. */
  #first = NOBODY;
  #last = NOBODY;
  #next = new Int32Array(INITIAL_CAPACITY);
  #previous = new Int32Array(INITIAL_CAPACITY);
  #workMs = new Float64Array(INITIAL_CAPACITY);
  /** The virtual clock as it stood at `#lastMs`. */
  #virtualMs: number;
  /** It has shown the time itself so far, free of round-off: the rate was never other than 1 while a task was running. */
  #isTrue = true;
  #lastMs: number;
  #rate = 1;

  constructor(plan: CpuPlan, workers: number, startMs: number) {
    this.cores = plan.cores ?? workers;
    this.#isShared = plan.scheduling === "shared";
    this.#lastMs = startMs;
    this.#virtualMs = startMs;
  }

  /** Cores in use, for the integral of utilisation. */
  get coresInUse(): number {
    return this.#isStopped ? this.#collecting : Math.min(this.#running.size, this.cores);
  }

  /** Starts `workMs` > 0 of CPU time for `task`, a small integer that the CPU does not hold. */
  add(nowMs: number, task: number, workMs: number): void {
    this.#advance(nowMs);
    if (task >= this.#state.length) this.#grow(task);
    if (!this.#isShared && this.#running.size >= this.cores) {
      this.#workMs[task] = workMs;
      this.#queue(task);
      return;
    }
    this.#run(task, workMs);
    this.#updateRate();
  }

  /** Stops a task that is no longer wanted; one that the CPU does not hold may be removed too. */
  remove(nowMs: number, task: number): void {
    const state = this.#state[task]!;
    if (state === WAITING) this.#leaveLine(task);
    if (state !== RUNNING) return;
    this.#advance(nowMs);
    this.#running.remove(task);
    this.#freed(task);
  }

  /** When the next running task is done; Infinity = none is running, or all stand still. Never earlier than what was told last. */
  nextDue(): number {
    if (this.#running.size === 0 || this.#rate === 0) return Infinity;
    if (this.#isTrue) return Math.max(this.#lastMs, this.#running.topTime);
    const aheadMs = this.#running.topTime - this.#virtualMs;
    return aheadMs > 0 ? this.#lastMs + aheadMs / this.#rate : this.#lastMs;
  }

  /** Takes the task that is done at `dueMs`, which is what `nextDue()` says and not Infinity. */
  shift(dueMs: number): number {
    const task = this.#running.topId;
    this.#lastMs = dueMs;
    if (this.#virtualMs < this.#running.topTime) this.#virtualMs = this.#running.topTime;
    this.#running.remove(task);
    this.#freed(task);
    return task;
  }

  /** `ratio` of the CPU is left; at 0 nothing gets done. */
  setCapacity(nowMs: number, ratio: number): void {
    this.#advance(nowMs);
    this.#capacity = ratio;
    this.#updateRate();
  }

  /** The code does `ratio` of the work that it does when it is warm, in the same CPU time. */
  setPace(nowMs: number, ratio: number): void {
    this.#advance(nowMs);
    this.#pace = ratio;
    this.#updateRate();
  }

  /** Stop the world, and go on. To collect garbage takes every core, as HotSpot's parallel collector does. */
  setStopped(nowMs: number, isStopped: boolean, isCollecting = false): void {
    this.#advance(nowMs);
    this.#isStopped = isStopped;
    this.#collecting = isCollecting && this.cores < Infinity ? this.cores : 0;
    this.#updateRate();
  }

  #advance(nowMs: number): void {
    if (nowMs <= this.#lastMs) return;
    if (this.#isTrue) this.#virtualMs = nowMs;
    else this.#virtualMs += (nowMs - this.#lastMs) * this.#rate;
    this.#lastMs = nowMs;
  }

  #run(task: number, workMs: number): void {
    this.#state[task] = RUNNING;
    this.#running.set(task, this.#virtualMs + workMs);
  }

  /** A running task is gone; the head of the line takes its core. */
  #freed(task: number): void {
    this.#state[task] = ABSENT;
    const head = this.#first;
    if (head !== NOBODY) {
      this.#leaveLine(head);
      this.#run(head, this.#workMs[head]!);
    }
    this.#updateRate();
  }

  #updateRate(): void {
    const tasks = this.#running.size;
    const share = this.#isShared && tasks > this.cores ? this.cores / tasks : 1;
    this.#rate = this.#isStopped ? 0 : this.#capacity * this.#pace * share;
    if (tasks === 0) {
      // Nothing is measured by it now, so it may be put right.
      this.#virtualMs = this.#lastMs;
      this.#isTrue = true;
    }
    if (this.#rate !== 1) this.#isTrue = false;
  }

  #queue(task: number): void {
    this.#state[task] = WAITING;
    this.#next[task] = NOBODY;
    this.#previous[task] = this.#last;
    if (this.#last === NOBODY) this.#first = task;
    else this.#next[this.#last] = task;
    this.#last = task;
  }

  #leaveLine(task: number): void {
    this.#state[task] = ABSENT;
    const next = this.#next[task]!;
    const previous = this.#previous[task]!;
    if (previous === NOBODY) this.#first = next;
    else this.#next[previous] = next;
    if (next === NOBODY) this.#last = previous;
    else this.#previous[next] = previous;
  }

  #grow(task: number): void {
    const capacity = Math.max(this.#state.length * 2, task + 1);
    this.#state = grow(this.#state, capacity);
    this.#next = grow(this.#next, capacity);
    this.#previous = grow(this.#previous, capacity);
    this.#workMs = grow(this.#workMs, capacity);
  }
}
