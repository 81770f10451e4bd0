// One service instance as a machine: the door, the queue, the workers and the end of every request.
// Told what happens (arrive, admit, callEnded, abandon, wake), it answers with outputs that its owner takes one by one:
//   arrive ─► admit ─► queue ─► worker ─► steps ──► BEGIN_CALL ─► owner makes the call ─► callEnded ─► steps ─► END_VISIT
//                                           └─ work and waits end by wake
// Hot code: flat tables, small integers, no allocation per request.
import { CANCELLED, DEPTH_LIMIT, ERROR, OK, OVERLOAD, REFUSED, TIMEOUT, TOO_DEEP, WRONG } from "../model/outcome.ts";
import type { VariantPlan } from "../model/service-plan.ts";
import { Abandonment } from "./abandonment.ts";
import { Admission } from "./admission.ts";
import { ANSWERED, CachePath, FOLLOWS } from "./cache-path.ts";
import { Cpu } from "./cpu.ts";
import { errorOfVisit } from "./errors.ts";
import { Execution } from "./execution.ts";
import { Logging } from "./logging.ts";
import { Meters } from "./meters.ts";
import { END_VISIT, Outputs } from "./outputs.ts";
import { ABSENT, Program } from "./program.ts";
import { Rejection } from "./rejection.ts";
import { Strands } from "./strands.ts";
import { ARRIVING, REJECTING, RUNNING, Visits } from "./visits.ts";
import type { Vitals } from "./vitals.ts";
import { WorkerPool } from "./worker-pool.ts";

export class Instance {
  readonly visits = new Visits();
  readonly strands = new Strands();
  readonly meters: Meters;
  readonly program: Program;
  readonly cpu: Cpu;
  /** What its version does not have is null. */
  readonly vitals: Vitals | null;
  readonly cache: CachePath | null;
  readonly logging: Logging | null;
  readonly admission: Admission | null;
  readonly #service: number;
  readonly #plan: VariantPlan;
  readonly #pool: WorkerPool;
  readonly #abandonment: Abandonment;
  readonly #execution: Execution;
  readonly #outputs = new Outputs();
  readonly #rejection: Rejection;
  #isStopping = false;
  #isHandingOut = false;

  /** `isInitial`: part of the fleet before the run. `key` is the instance's own, for what it draws for itself. */
  constructor(
    service: number,
    plan: VariantPlan,
    startMs: number,
    vitals: Vitals | null = null,
    isInitial = true,
    key = 0,
  ) {
    this.#service = service;
    this.#plan = plan;
    this.vitals = vitals;
    this.program = new Program(plan);
    this.meters = new Meters(plan.calls.length, startMs);
    this.#pool = new WorkerPool(plan.pool, this.visits, this.meters);
    this.cpu = new Cpu(plan.cpu, this.#pool.workers, startMs);
    this.cache = plan.cache === undefined ? null : new CachePath(plan, plan.cache, this.visits, isInitial, startMs);
    const { visits, strands, program, meters, cache, cpu } = this;
    this.#abandonment = new Abandonment(plan.onDeadline, visits, strands, program, meters, cache);
    this.logging = plan.logging === undefined ? null : new Logging(plan.logging, strands, cpu, startMs);
    this.#execution = new Execution(visits, strands, program, this.#pool, cpu, this.#outputs, this.logging);
    this.admission = plan.admission === undefined ? null : new Admission(plan.admission, this.visits, key, startMs);
    this.#rejection = new Rejection(plan.pool, this.visits, this.#pool, this.#execution);
  }

  /** The next output, or NONE. */
  take(): number {
    return this.#outputs.take();
  }

  /** When something ends by itself; Infinity = nothing does. */
  nextWakeup(): number {
    return Math.min(this.#execution.nextDue(), this.#pool.nextExpiry());
  }

  /** Handles the one piece of work or waiting that is due; `nowMs` is later than `dueMs` only after a standstill. */
  wake(dueMs: number, nowMs: number): void {
    this.advance(nowMs);
    // At the same moment, work that ends still frees a worker for whoever would have waited too long.
    const expiresMs = this.#pool.nextExpiry();
    if (expiresMs <= dueMs && expiresMs < this.#execution.nextDue()) {
      const late = this.#pool.nextToExpire;
      this.#abandonment.notice(nowMs, late);
      return this.#reject(nowMs, late, OVERLOAD);
    }
    const strand = this.#execution.shift(dueMs);
    if (strand < 0) return;
    const visit = this.strands.visit[strand]!;
    this.#abandonment.notice(nowMs, visit);
    if (this.visits.state[visit] === REJECTING) this.#endHere(nowMs, visit, this.visits.cause[visit]!, 503);
    else this.#goOn(nowMs, visit, this.#execution.goOn(nowMs, strand));
  }

  /** A request is at the door: `admit` or `refuse` it, now or after a fault's delay. Returns its visit. `depth` counts the calls above it. */
  arrive(
    nowMs: number,
    operation: number,
    keyHigh: number,
    keyLow: number,
    user: number,
    depth: number,
    deadlineMs: number,
  ): number {
    this.advance(nowMs);
    this.meters.entered(nowMs);
    return this.visits.arrive(nowMs, operation, keyHigh, keyLow, user, depth, deadlineMs, this.#service);
  }

  /** Handles a visit that arrived: it starts, queues, or is turned away; an END_VISIT output follows in the end. */
  admit(nowMs: number, visit: number): void {
    this.advance(nowMs);
    const { operation, depth } = this.visits;
    this.#abandonment.notice(nowMs, visit);
    if (this.#isStopping) this.#endHere(nowMs, visit, REFUSED, 503);
    else if (depth[visit]! >= DEPTH_LIMIT) this.#endHere(nowMs, visit, TOO_DEEP, 508);
    else if (this.program.entry[operation[visit]!] === ABSENT) this.#endHere(nowMs, visit, ERROR, 404);
    else if (this.#abandonment.skips(visit)) this.#endHere(nowMs, visit, TIMEOUT, 504);
    else this.#letIn(nowMs, visit);
  }

  /** Lets a visit in that waits for no worker. */
  admitApart(nowMs: number, visit: number): void {
    if (this.#isStopping) return this.admit(nowMs, visit);
    this.#pool.takeApart(visit);
    this.#start(nowMs, visit);
  }

  /** A fault ends a visit that arrived, in place of the instance. */
  refuse(nowMs: number, visit: number, status: number, cause: number = ERROR): void {
    this.advance(nowMs);
    this.#abandonment.notice(nowMs, visit);
    this.#endHere(nowMs, visit, cause, status);
  }

  /** The call of a strand has ended with this result. */
  callEnded(
    nowMs: number,
    strand: number,
    cause: number,
    isDegraded: boolean,
    originService: number,
    originCause: number,
    slowService: number,
    slowOwnUs: number,
  ): void {
    this.advance(nowMs);
    const { visits, program } = this;
    const visit = this.strands.visit[strand]!;
    const node = this.strands.node[strand]!;
    this.#abandonment.notice(nowMs, visit);
    this.strands.call[strand] = -1;
    if (--visits.calls[visit]! === 0) visits.calledMs[visit]! += nowMs - visits.callsSinceMs[visit]!;
    visits.took(visit, slowService, slowOwnUs);
    if (this.logging !== null && cause !== OK && cause !== WRONG) this.logging.failed(nowMs);
    if (cause === OK || cause === WRONG) {
      if (isDegraded) visits.isDegraded[visit] = 1;
      if (cause === WRONG) visits.misled(visit, originService, originCause);
      this.#goOn(nowMs, visit, this.#execution.goOn(nowMs, strand));
    } else if (program.fallback[node] !== ABSENT || program.isOptional[node] === 1) {
      visits.isDegraded[visit] = 1;
      this.#goOn(nowMs, visit, this.#execution.goOnWithout(nowMs, strand));
    } else this.#end(nowMs, visit, ERROR, cause === TIMEOUT ? 504 : 502, originService, originCause);
  }

  /** The caller of this visit gave up. What that means is the service's `onDeadline`. */
  abandon(nowMs: number, visit: number): void {
    this.advance(nowMs);
    this.#abandonment.gaveUp(visit);
    // One that is still at the door ends when it is admitted.
    if (!this.#abandonment.stopsRunning || this.visits.state[visit] === ARRIVING) return;
    this.#endHere(nowMs, visit, CANCELLED, 499);
  }

  /** From now on everything new is refused. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Workers there are; Infinity = unlimited. */
  get workers(): number {
    return this.#pool.workers;
  }

  /** It was stopped and holds nothing any more, not even at the door. */
  get isDrained(): boolean {
    return this.#isStopping && this.meters.inSystem === 0;
  }

  /** Brings the integrals up to now; comes before anything that changes what they integrate. */
  advance(nowMs: number): void {
    const { meters, cpu, admission } = this;
    if (admission !== null) admission.advance(nowMs, meters.busy / this.#pool.workers, cpu.coresInUse / cpu.cores);
    meters.advance(nowMs, cpu.coresInUse);
  }

  /** A visit that is to be served starts, queues, or is turned away for want of room. */
  #letIn(nowMs: number, visit: number): void {
    const refusal = this.admission === null ? OK : this.admission.decide(nowMs, visit);
    if (refusal !== OK) this.#reject(nowMs, visit, refusal);
    else if (this.#pool.tryTake(visit)) this.#start(nowMs, visit);
    else if (!this.#pool.tryQueue(nowMs, visit)) this.#reject(nowMs, visit, OVERLOAD);
  }

  #start(nowMs: number, visit: number): void {
    if (this.vitals !== null) this.vitals.begins(nowMs, this.visits.operation[visit]!);
    this.visits.state[visit] = RUNNING;
    if (this.cache !== null) {
      const begun = this.cache.begin(nowMs, visit);
      if (begun === ANSWERED) return this.#endAsCached(nowMs, visit, this.cache);
      if (begun === FOLLOWS) return this.#goOn(nowMs, visit, false);
    }
    this.#goOn(nowMs, visit, this.#execution.start(nowMs, visit));
  }

  /** A visit has gone on: it ends, or (async) its worker goes where it is needed. */
  #goOn(nowMs: number, visit: number, isDone: boolean): void {
    if (isDone) this.#finish(nowMs, visit);
    else if (this.#pool.isAsync && this.#pool.settle(visit)) this.#handOutWorkers(nowMs);
  }

  /** Free workers go to those in line. Not re-entered: what happens inside only frees workers for the same loop. */
  #handOutWorkers(nowMs: number): void {
    if (this.#isHandingOut) return;
    this.#isHandingOut = true;
    const { state } = this.visits;
    for (let visit = this.#pool.next(nowMs); visit >= 0; visit = this.#pool.next(nowMs)) {
      if (state[visit] === RUNNING) {
        this.#execution.resume(nowMs, visit);
        continue;
      }
      this.#abandonment.notice(nowMs, visit);
      if (this.#abandonment.skips(visit)) {
        this.#endHere(nowMs, visit, TIMEOUT, 504);
        continue;
      }
      this.#pool.leaveQueue(visit);
      this.#start(nowMs, visit);
    }
    this.#isHandingOut = false;
  }

  /** A visit is turned away, at once or after the work that this costs. */
  #reject(nowMs: number, visit: number, cause: number): void {
    if (!this.#rejection.begin(nowMs, visit, cause)) this.#endHere(nowMs, visit, cause, 503);
  }

  /** A visit's steps are done: it succeeds, unless this version's errors say otherwise. */
  #finish(nowMs: number, visit: number): void {
    const { visits } = this;
    const error = errorOfVisit(this.#plan, visits, visit);
    if (error !== null) this.#endHere(nowMs, visit, error.cause === "error" ? ERROR : WRONG, error.status);
    else if (visits.isWrong[visit] === 1)
      this.#end(nowMs, visit, WRONG, 200, visits.originService[visit]!, visits.originCause[visit]!);
    else this.#endHere(nowMs, visit, OK, 200);
  }

  /** A visit ends in a way that begins at this service. */
  #endHere(nowMs: number, visit: number, cause: number, status: number): void {
    this.#end(nowMs, visit, cause, status, this.#service, cause);
  }

  #endAsCached(nowMs: number, visit: number, { cache }: CachePath): void {
    if (cache.cause === OK) this.#endHere(nowMs, visit, OK, 200);
    else this.#end(nowMs, visit, cache.cause, cache.status, cache.originService, cache.originCause);
  }

  /** Those who waited for the answer of a visit that has ended get it too; if it was cancelled, the first of them fetches it. */
  #endFollowers(nowMs: number, visit: number, cache: CachePath): void {
    const { cause, status, originService, originCause } = this.visits;
    const heir = cause[visit] === CANCELLED ? cache.heirOf(nowMs, visit) : -1;
    if (heir >= 0) return this.#goOn(nowMs, heir, this.#execution.start(nowMs, heir));
    for (let next = cache.nextFollower(nowMs, visit); next >= 0; next = cache.nextFollower(nowMs, visit)) {
      this.#abandonment.notice(nowMs, next);
      this.#end(nowMs, next, cause[visit]!, status[visit]!, originService[visit]!, originCause[visit]!);
    }
  }

  #end(nowMs: number, visit: number, cause: number, status: number, originService: number, originCause: number): void {
    const { visits, meters, cache } = this;
    if (cache?.ending(nowMs, visit, cause, status, originService, originCause) === true)
      return this.#endAsCached(nowMs, visit, cache);
    this.#pool.leaveQueue(visit);
    this.#execution.stop(nowMs, visit);
    visits.took(visit, this.#service, visits.ownUs(nowMs, visit));
    if (visits.isAbandoned[visit] === 1 && (cause === OK || cause === ERROR || cause === WRONG)) meters.wasted++;
    visits.end(visit, cause, status, originService, originCause);
    meters.left(nowMs, visits.startMs[visit]!);
    if (this.admission !== null) this.admission.ended(nowMs, visit, cause);
    this.#outputs.push(END_VISIT, visit);
    if (visits.holdsWorker[visit] === 1) {
      this.#pool.giveBack(visit);
      this.#handOutWorkers(nowMs);
    }
    if (cache !== null) this.#endFollowers(nowMs, visit, cache);
  }
}
