// The workers of one instance and the line before them. First in, first out; visits that had a worker before and
// want it back (async) go first. The line for new visits is bounded by the queue's capacity.
import { IntRing } from "../core/int-ring.ts";
import type { PoolPlan } from "../model/service-plan.ts";
import type { Meters } from "./meters.ts";
import { ENDED, FREE, QUEUED, RUNNING, type Visits } from "./visits.ts";

export class WorkerPool {
  readonly isAsync: boolean;
  /** Workers there are; Infinity = unlimited. */
  readonly workers: number;
  readonly #queueCapacity: number;
  readonly #visits: Visits;
  readonly #meters: Meters;
  /** (visit, serial) pairs: one that left meanwhile is recognised by its serial and skipped. */
  readonly #fresh = new IntRing();
  readonly #resuming = new IntRing();

  constructor(plan: PoolPlan, visits: Visits, meters: Meters) {
    this.isAsync = plan.model === "async";
    this.workers = plan.concurrency ?? Infinity;
    this.#queueCapacity = plan.queueCapacity ?? Infinity;
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

  /** Puts a new visit into the line, if there is room. */
  tryQueue(visit: number): boolean {
    if (this.#meters.queued >= this.#queueCapacity) return false;
    this.#meters.queued++;
    this.#visits.state[visit] = QUEUED;
    this.#fresh.push(visit);
    this.#fresh.push(this.#visits.serial[visit]!);
    return true;
  }

  /** A visit that gave its worker back wants one again. */
  wantBack(visit: number): void {
    if (this.#visits.isResuming[visit] === 1) return;
    this.#visits.isResuming[visit] = 1;
    this.#resuming.push(visit);
    this.#resuming.push(this.#visits.serial[visit]!);
  }

  /** Hands a free worker to the next in line: a visit still QUEUED is new, one RUNNING goes on. −1 = nobody or no worker. */
  next(): number {
    if (this.#meters.busy >= this.workers) return -1;
    const resuming = this.#shift(this.#resuming);
    const visit = resuming >= 0 ? resuming : this.#shift(this.#fresh);
    if (visit < 0) return -1;
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

  /** A visit in the line for new ones leaves it, to start or to end. */
  leaveQueue(visit: number): void {
    if (this.#visits.state[visit] === QUEUED) this.#meters.queued--;
  }

  #shift(line: IntRing): number {
    while (line.length > 0) {
      const visit = line.shift();
      const serial = line.shift();
      const state = this.#visits.state[visit]!;
      if (this.#visits.serial[visit] === serial && state !== ENDED && state !== FREE) return visit;
    }
    return -1;
  }
}
