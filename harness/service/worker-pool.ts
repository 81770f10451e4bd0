// The workers of one instance and who waits for them. Visits that had a worker before and want it back (async) go
// first; new ones wait in the queue, which is bounded by its capacity.
import { IntRing } from "../core/int-ring.ts";
import type { PoolPlan } from "../model/service-plan.ts";
import { NOBODY } from "./line.ts";
import type { Meters } from "./meters.ts";
import { Queue } from "./queue.ts";
import { ENDED, FREE, QUEUED, RUNNING, type Visits } from "./visits.ts";

export class WorkerPool {
  readonly isAsync: boolean;
  /** Workers there are; Infinity = unlimited. */
  readonly workers: number;
  readonly #queueCapacity: number;
  readonly #visits: Visits;
  readonly #meters: Meters;
  readonly #queue: Queue;
  /** (visit, serial) pairs: one that left meanwhile is recognised by its serial and skipped. */
  readonly #resuming = new IntRing();

  constructor(plan: PoolPlan, visits: Visits, meters: Meters) {
    this.isAsync = plan.model === "async";
    this.workers = plan.concurrency ?? Infinity;
    this.#queueCapacity = plan.queueCapacity ?? Infinity;
    this.#queue = new Queue(plan.queue);
    this.#visits = visits;
    this.#meters = meters;
  }

  /** Gives a new visit a worker, if one is free. */
  tryTake(visit: number): boolean {
    if (this.#meters.busy >= this.workers) return false;
    this.#meters.busy++;
    this.#visits.holdsWorker[visit] = 1;
    this.#visits.state[visit] = RUNNING;
    return true;
  }

  /** A visit that needs none of the workers takes one of its own. */
  takeApart(visit: number): void {
    this.#meters.busy++;
    this.#visits.holdsWorker[visit] = 1;
    this.#visits.state[visit] = RUNNING;
  }

  /** Puts a new visit into the line, if there is room. */
  tryQueue(nowMs: number, visit: number): boolean {
    if (this.#meters.queued >= this.#queueCapacity) return false;
    this.#meters.queued++;
    this.#visits.state[visit] = QUEUED;
    this.#queue.join(nowMs, visit);
    return true;
  }

  /** A visit that gave its worker back wants one again. */
  wantBack(visit: number): void {
    if (this.#visits.isResuming[visit] === 1) return;
    this.#visits.isResuming[visit] = 1;
    this.#resuming.push(visit);
    this.#resuming.push(this.#visits.serial[visit]!);
  }

  /**
   * Hands a free worker to whoever is next, or answers NOBODY: a visit still QUEUED is new and has yet to leave the
   * queue, one RUNNING goes on.
   */
  next(nowMs: number): number {
    if (this.#meters.busy >= this.workers) return NOBODY;
    const resuming = this.#shift(this.#resuming);
    const visit = resuming === NOBODY ? this.#queue.next(nowMs) : resuming;
    if (visit === NOBODY) return NOBODY;
    this.#visits.isResuming[visit] = 0;
    this.#visits.holdsWorker[visit] = 1;
    this.#meters.busy++;
    return visit;
  }

  giveBack(visit: number): void {
    this.#visits.holdsWorker[visit] = 0;
    this.#meters.busy--;
  }

  /** Async: a visit that only waits for its callees gives its worker back. True if there may be a worker for somebody now. */
  settle(visit: number): boolean {
    const { holdsWorker, active, isResuming } = this.#visits;
    if (holdsWorker[visit] === 0) return isResuming[visit] === 1;
    if (active[visit]! > 0) return false;
    this.giveBack(visit);
    return true;
  }

  /** A visit in the queue leaves it, to start or to end. */
  leaveQueue(visit: number): void {
    if (this.#visits.state[visit] !== QUEUED) return;
    this.#meters.queued--;
    this.#queue.leave(visit);
  }

  /** When the next visit will have waited too long in the queue; Infinity = none will. */
  nextExpiry(): number {
    return this.#queue.nextExpiry();
  }

  /** The visit that `nextExpiry` is about. */
  get nextToExpire(): number {
    return this.#queue.nextToExpire;
  }

  #shift(line: IntRing): number {
    while (line.length > 0) {
      const visit = line.shift();
      const serial = line.shift();
      const state = this.#visits.state[visit]!;
      if (this.#visits.serial[visit] === serial && state !== ENDED && state !== FREE) return visit;
    }
    return NOBODY;
  }
}
