// One service instance as a machine: queue, workers, CPU, and requests walking through their operations' steps.
// Told what happens (arrive, admit, callEnded, abandon, wake), it answers with outputs that its owner takes one by one:
//
//   admit ─► queue ─► worker ─► steps ──► CALL strand ─► owner makes the call ─► callEnded ─► next step ─► END visit
//                                  └─ work and waits end by wake
//
// Hot code: flat tables, small integers, no allocation per request.
import { IntRing } from "../core/int-ring.ts";
import { unit } from "../core/key.ts";
import { WakeHeap } from "../core/wake-heap.ts";
import { CANCELLED, DEPTH_LIMIT, ERROR, OK, OVERLOAD, REFUSED, TIMEOUT, TOO_DEEP, WRONG } from "../model/outcome.ts";
import type { VariantPlan } from "../model/service-plan.ts";
import { Abandonment, OWN } from "./abandonment.ts";
import { Cpu } from "./cpu.ts";
import { errorOf } from "./errors.ts";
import { Meters } from "./meters.ts";
import { ABSENT, CALL, END_OF_STEPS, Program, TOGETHER, WORK } from "./program.ts";
import { CALLING, JOINING, Strands, WAITING, WANTING, WORKING } from "./strands.ts";
import { ARRIVING, ENDED, RUNNING, Visits } from "./visits.ts";
import { WorkerPool } from "./worker-pool.ts";

/** Outputs, `reference × 4 + kind`. */
export const NONE = -1;
/** `reference` is a strand: begin the call of its node, then store the call's slot in `strands.call`. */
export const BEGIN_CALL = 0;
/** `reference` is a call slot: its result is no longer wanted. */
export const DROP_CALL = 1;
/** `reference` is a visit: answer it, then `release` it. */
export const END_VISIT = 2;

const PROBABILITY_SALT = 0x2f6e2b1;

export class Instance {
  readonly visits = new Visits();
  readonly strands = new Strands();
  readonly meters: Meters;
  readonly program: Program;
  readonly cpu: Cpu;
  readonly #service: number;
  readonly #plan: VariantPlan;
  readonly #pool: WorkerPool;
  readonly #abandonment: Abandonment;
  readonly #waits = new WakeHeap();
  readonly #outputs = new IntRing();
  #isStopping = false;
  #isHandingOut = false;

  constructor(service: number, plan: VariantPlan, startMs: number) {
    this.#service = service;
    this.#plan = plan;
    this.program = new Program(plan);
    this.meters = new Meters(plan.calls.length, startMs);
    this.#pool = new WorkerPool(plan.pool, this.visits, this.meters);
    this.cpu = new Cpu(plan.cpu, this.#pool.workers, startMs);
    this.#abandonment = new Abandonment(plan.onDeadline, this.visits, this.strands, this.program, this.meters);
  }

  take(): number {
    return this.#outputs.length === 0 ? NONE : this.#outputs.shift();
  }

  nextWakeup(): number {
    return Math.min(this.cpu.nextDue(), this.#waits.topTime);
  }

  /** Handles the one piece of work or waiting that is due; `nowMs` is later than `dueMs` only after a standstill. */
  wake(dueMs: number, nowMs: number): void {
    this.advance(nowMs);
    let strand: number;
    if (this.cpu.nextDue() <= dueMs) strand = this.cpu.shift(dueMs);
    else if (this.#waits.topTime <= dueMs) {
      strand = this.#waits.topId;
      this.#waits.remove(strand);
    } else return;
    const visit = this.strands.visit[strand]!;
    this.visits.active[visit]!--;
    this.#walk(nowMs, strand, this.program.next[this.strands.node[strand]!]!);
    this.#giveBackWorker(nowMs, visit);
  }

  /** A request has reached the instance but is not handled yet: `admit` it, now or after a fault's delay. Returns its visit. */
  arrive(
    nowMs: number,
    operation: number,
    keyHigh: number,
    keyLow: number,
    user: number,
    depth: number,
    deadlineMs: number,
  ): number {
    return this.visits.arrive(nowMs, operation, keyHigh, keyLow, user, depth, deadlineMs, this.#service);
  }

  /** Handles a visit that arrived: it starts, queues, or is refused; an END output follows in the end. */
  admit(nowMs: number, visit: number): void {
    this.advance(nowMs);
    const visits = this.visits;
    visits.startMs[visit] = nowMs;
    this.meters.entered(nowMs);
    if (this.#isStopping) this.#end(nowMs, visit, REFUSED, 503, this.#service, REFUSED);
    else if (visits.depth[visit]! >= DEPTH_LIMIT) this.#end(nowMs, visit, TOO_DEEP, 508, this.#service, TOO_DEEP);
    else if (this.program.entry[visits.operation[visit]!] === ABSENT)
      this.#end(nowMs, visit, ERROR, 404, this.#service, ERROR);
    else if (visits.isAbandoned[visit] === 1 && this.#abandonment.skipsExpired)
      this.#end(nowMs, visit, TIMEOUT, 504, this.#service, TIMEOUT);
    else if (this.#pool.tryTake(visit)) this.#start(nowMs, visit);
    else if (!this.#pool.tryQueue(visit)) this.#end(nowMs, visit, OVERLOAD, 503, this.#service, OVERLOAD);
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
    const { visits, strands, program } = this;
    const visit = strands.visit[strand]!;
    const node = strands.node[strand]!;
    strands.call[strand] = -1;
    if (--visits.calls[visit]! === 0) visits.calledMs[visit]! += nowMs - visits.callsSinceMs[visit]!;
    if (slowOwnUs > visits.slowOwnUs[visit]!) {
      visits.slowOwnUs[visit] = slowOwnUs;
      visits.slowService[visit] = slowService;
    }
    if (isDegraded) visits.isDegraded[visit] = 1;
    let next = program.next[node]!;
    if (cause === WRONG) {
      visits.isWrong[visit] = 1;
      visits.originService[visit] = originService;
      visits.originCause[visit] = originCause;
    } else if (cause !== OK) {
      if (program.fallback[node] !== ABSENT) next = program.fallback[node]!;
      else if (program.isOptional[node] === 0) {
        this.#abandonment.endsLate(nowMs, visit, originService === this.#service ? OWN : program.call[node]!);
        this.#end(nowMs, visit, ERROR, cause === TIMEOUT ? 504 : 502, originService, originCause);
        return;
      }
      visits.isDegraded[visit] = 1;
    }
    this.#walk(nowMs, strand, next);
    this.#giveBackWorker(nowMs, visit);
  }

  /** The caller of this visit gave up. What that means is the service's `onDeadline`. */
  abandon(nowMs: number, visit: number): void {
    this.advance(nowMs);
    if (this.visits.isAbandoned[visit] === 1) return;
    this.#abandonment.gaveUp(visit, this.#abandonment.blameOf(visit));
    if (!this.#abandonment.stopsRunning || this.visits.state[visit] === ARRIVING) return;
    this.#end(nowMs, visit, CANCELLED, 499, this.#service, CANCELLED);
  }

  /** From now on everything new is refused. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Workers there are; Infinity = unlimited. */
  get workers(): number {
    return this.#pool.workers;
  }

  get isDrained(): boolean {
    return this.#isStopping && this.meters.inSystem === 0;
  }

  release(visit: number): void {
    this.visits.release(visit);
  }

  advance(nowMs: number): void {
    this.meters.advance(nowMs, this.cpu.coresInUse);
  }

  #start(nowMs: number, visit: number): void {
    const { visits, strands } = this;
    visits.state[visit] = RUNNING;
    const strand = strands.allocate(visit, -1, -1);
    visits.firstStrand[visit] = strand;
    this.#walk(nowMs, strand, this.program.entry[visits.operation[visit]!]!);
    this.#giveBackWorker(nowMs, visit);
  }

  /** Lets a strand go on from `node` until it works, waits, calls, joins or ends. */
  #walk(nowMs: number, strand: number, from: number): void {
    const { visits, strands, program } = this;
    const visit = strands.visit[strand]!;
    let node = from;
    while (node !== END_OF_STEPS) {
      const site = program.site[node]!;
      const probability = program.probability[node]!;
      if (
        probability < 1 &&
        unit(visits.keyHigh[visit]!, visits.keyLow[visit]!, site ^ PROBABILITY_SALT) >= probability
      ) {
        node = program.next[node]!;
        continue;
      }
      strands.node[strand] = node;
      const kind = program.kind[node]!;
      if (kind === CALL) {
        strands.state[strand] = CALLING;
        if (visits.calls[visit]!++ === 0) visits.callsSinceMs[visit] = nowMs;
        this.#outputs.push(strand * 4 + BEGIN_CALL);
        return;
      }
      if (kind === TOGETHER) {
        const branches = program.branches[node]!;
        strands.state[strand] = JOINING;
        strands.pending[strand] = branches.length + 1;
        for (const branch of branches) {
          const child = strands.allocate(visit, strand, visits.firstStrand[visit]!);
          visits.firstStrand[visit] = child;
          this.#walk(nowMs, child, branch);
        }
        if (--strands.pending[strand]! > 0) return;
        node = program.next[node]!;
        continue;
      }
      const timeMs = program.samplers[node]!.draw(visits.keyHigh[visit]!, visits.keyLow[visit]!, site);
      if (timeMs > 0) {
        this.#occupy(nowMs, strand, timeMs, kind === WORK);
        return;
      }
      node = program.next[node]!;
    }
    this.#strandEnded(nowMs, strand, visit);
  }

  #occupy(nowMs: number, strand: number, timeMs: number, isWork: boolean): void {
    const { visits, strands } = this;
    const visit = strands.visit[strand]!;
    if (visits.holdsWorker[visit] === 0) {
      strands.state[strand] = WANTING;
      strands.timeMs[strand] = timeMs;
      this.#pool.wantBack(visit);
      this.#handOutWorkers(nowMs);
      return;
    }
    visits.active[visit]!++;
    strands.state[strand] = isWork ? WORKING : WAITING;
    if (isWork) this.cpu.add(nowMs, strand, timeMs);
    else this.#waits.set(strand, nowMs + timeMs);
  }

  #strandEnded(nowMs: number, strand: number, visit: number): void {
    const { visits, strands } = this;
    const parent = strands.parent[strand]!;
    visits.firstStrand[visit] = strands.release(strand, visits.firstStrand[visit]!);
    if (parent >= 0) {
      if (--strands.pending[parent]! === 0) this.#walk(nowMs, parent, this.program.next[strands.node[parent]!]!);
      return;
    }
    this.#succeed(nowMs, visit);
  }

  /** Free workers go to those in line. Not re-entered: what happens inside only frees workers for the same loop. */
  #handOutWorkers(nowMs: number): void {
    if (this.#isHandingOut) return;
    this.#isHandingOut = true;
    const visits = this.visits;
    for (let visit = this.#pool.next(); visit >= 0; visit = this.#pool.next()) {
      if (visits.state[visit] === RUNNING) this.#resume(nowMs, visit);
      else if (this.#abandonment.isExpired(nowMs, visit)) {
        this.#abandonment.gaveUp(visit, OWN);
        this.#end(nowMs, visit, TIMEOUT, 504, this.#service, TIMEOUT);
      } else {
        this.#pool.leaveQueue(visit);
        this.#start(nowMs, visit);
      }
    }
    this.#isHandingOut = false;
  }

  #resume(nowMs: number, visit: number): void {
    const { strands } = this;
    for (let strand = this.visits.firstStrand[visit]!; strand >= 0; strand = strands.next[strand]!) {
      if (strands.state[strand] !== WANTING) continue;
      this.#occupy(nowMs, strand, strands.timeMs[strand]!, this.program.kind[strands.node[strand]!] === WORK);
    }
    this.#giveBackWorker(nowMs, visit);
  }

  /** Async: a visit that only waits for callees gives its worker back. */
  #giveBackWorker(nowMs: number, visit: number): void {
    const { visits } = this;
    if (!this.#pool.isAsync || visits.state[visit] !== RUNNING) return;
    if (visits.active[visit]! > 0 || visits.holdsWorker[visit] === 0) return;
    this.#pool.giveBack(visit);
    this.#handOutWorkers(nowMs);
  }

  /** A visit's steps are done: it succeeds, unless this version's errors say otherwise. */
  #succeed(nowMs: number, visit: number): void {
    const visits = this.visits;
    this.#abandonment.endsLate(nowMs, visit, OWN);
    const { errors } = this.#plan;
    const error =
      errors.length === 0
        ? null
        : errorOf(errors, visits.operation[visit]!, visits.keyHigh[visit]!, visits.keyLow[visit]!);
    if (error !== null) {
      const cause = error.cause === "error" ? ERROR : WRONG;
      this.#end(nowMs, visit, cause, error.status, this.#service, cause);
      return;
    }
    if (visits.isWrong[visit] === 1)
      this.#end(nowMs, visit, WRONG, 200, visits.originService[visit]!, visits.originCause[visit]!);
    else this.#end(nowMs, visit, OK, 200, this.#service, OK);
  }

  #end(nowMs: number, visit: number, cause: number, status: number, originService: number, originCause: number): void {
    const { visits, strands, meters } = this;
    this.#pool.leaveQueue(visit);
    for (let strand = visits.firstStrand[visit]!; strand >= 0; strand = visits.firstStrand[visit]!) {
      const state = strands.state[strand]!;
      if (state === WORKING) this.cpu.remove(nowMs, strand);
      else if (state === WAITING) this.#waits.remove(strand);
      else if (state === CALLING && strands.call[strand]! >= 0)
        this.#outputs.push(strands.call[strand]! * 4 + DROP_CALL);
      visits.firstStrand[visit] = strands.release(strand, strand);
    }
    if (visits.calls[visit]! > 0) visits.calledMs[visit]! += nowMs - visits.callsSinceMs[visit]!;
    const ownUs = Math.round((nowMs - visits.startMs[visit]! - visits.calledMs[visit]!) * 1000);
    if (ownUs > visits.slowOwnUs[visit]!) {
      visits.slowOwnUs[visit] = Math.min(ownUs, 0x7fffffff);
      visits.slowService[visit] = this.#service;
    }
    if (visits.isAbandoned[visit] === 1 && cause !== TIMEOUT && cause !== CANCELLED) meters.wasted++;
    visits.state[visit] = ENDED;
    visits.cause[visit] = cause;
    visits.status[visit] = status;
    visits.originService[visit] = originService;
    visits.originCause[visit] = originCause;
    meters.left(nowMs, visits.startMs[visit]!);
    this.#outputs.push(visit * 4 + END_VISIT);
    if (visits.holdsWorker[visit] === 1) {
      this.#pool.giveBack(visit);
      this.#handOutWorkers(nowMs);
    }
  }
}
