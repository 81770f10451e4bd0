// What turning a request away costs: CPU work before the answer leaves, in competition with the work that is done.
// Source: Beyer et al., Site Reliability Engineering, chapter 21: a backend that rejects most of what it gets can still
// be overloaded by rejecting it.
import { hashText } from "../core/key.ts";
import { Sampler } from "../core/sampler.ts";
import type { PoolPlan } from "../model/service-plan.ts";
import type { Execution } from "./execution.ts";
import { REJECTING, type Visits } from "./visits.ts";
import type { WorkerPool } from "./worker-pool.ts";

const SALT = hashText("rejection");

export class Rejection {
  readonly #work: Sampler | null;
  readonly #visits: Visits;
  readonly #pool: WorkerPool;
  readonly #execution: Execution;

  constructor(plan: PoolPlan, visits: Visits, pool: WorkerPool, execution: Execution) {
    this.#work = plan.rejectionMs === undefined ? null : new Sampler(plan.rejectionMs);
    this.#visits = visits;
    this.#pool = pool;
    this.#execution = execution;
  }

  /** Begins the work for a visit that holds no worker, and takes it out of the queue; false where there is none to do. */
  begin(nowMs: number, visit: number, cause: number): boolean {
    if (this.#work === null) return false;
    const visits = this.#visits;
    const workMs = this.#work.draw(visits.keyHigh[visit]!, visits.keyLow[visit]!, SALT);
    if (workMs === 0) return false;
    this.#pool.leaveQueue(visit);
    visits.state[visit] = REJECTING;
    visits.cause[visit] = cause;
    this.#execution.reject(nowMs, visit, workMs);
    return true;
  }
}
