// What requests do inside instances, for all instances at once: service/instance.ts, abandonment.ts and meters.ts over
// flat records (steps and workers are in files of their own). test/sim/flat holds the two to the same bytes.
// Hot code.
import { CANCELLED, DEPTH_LIMIT, ERROR, OK, OVERLOAD, REFUSED, TIMEOUT, TOO_DEEP, WRONG } from "../../model/outcome.ts";
import { errorOf } from "../../service/errors.ts";
import { ABSENT } from "../../service/program.ts";
import type { Answers } from "./answers.ts";
import type { CallPath } from "./call-path.ts";
import {
  CALL,
  NONE,
  POLICY_REAL,
  POLICY_REAL_SHIFT,
  POLICY_WIDTH,
  STRAND,
  STRAND_STATE,
  UNIT,
  UNIT_REAL,
  UNIT_REAL_SHIFT,
  VISIT,
  VISIT_REAL,
  VISIT_REAL_SHIFT,
  VISIT_STATE,
  VISIT_WIDTH,
} from "./fields.ts";
import type { Fleet } from "./fleet.ts";
import { NODE } from "./nodes.ts";
import { Steps } from "./steps.ts";
import type { Workers } from "./workers.ts";

export class ServicePath {
  readonly steps: Steps;
  readonly #fleet: Fleet;
  readonly #workers: Workers;
  readonly #answers: Answers;
  #arrivals = 0;

  constructor(fleet: Fleet, workers: Workers, callPath: CallPath, answers: Answers) {
    this.#fleet = fleet;
    this.#workers = workers;
    this.#answers = answers;
    this.steps = new Steps(fleet, workers, callPath);
  }

  /** A visit has reached its instance. */
  arrive(visit: number, unit: number): void {
    const { visits, units, clock } = this.#fleet;
    this.advance(unit);
    const int = visits.int;
    const real = visits.real;
    const at = visit >> VISIT_REAL_SHIFT;
    const nowMs = clock[0]!;
    const own = unit >> UNIT_REAL_SHIFT;
    units.int[unit + UNIT.arrived]!++;
    units.int[unit + UNIT.inSystem]!++;
    units.real[own + UNIT_REAL.lateMs]! += nowMs - units.real[own + UNIT_REAL.takenMs]!;
    int[visit + VISIT.state] = VISIT_STATE.arriving;
    int[visit + VISIT.firstStrand] = NONE;
    int[visit + VISIT.active] = 0;
    int[visit + VISIT.holdsWorker] = 0;
    int[visit + VISIT.isResuming] = 0;
    int[visit + VISIT.isAbandoned] = 0;
    int[visit + VISIT.calls] = 0;
    int[visit + VISIT.isDegraded] = 0;
    int[visit + VISIT.isWrong] = 0;
    int[visit + VISIT.slowService] = units.int[unit + UNIT.service]!;
    int[visit + VISIT.slowOwnUs] = -1;
    int[visit + VISIT.order] = this.#arrivals;
    this.#arrivals = (this.#arrivals + 1) | 0;
    real[at + VISIT_REAL.startMs] = nowMs;
    real[at + VISIT_REAL.calledMs] = 0;
    this.#admit(visit, unit);
  }

  /** Work or waiting of a strand is over; the tasks have forgotten it. */
  wake(strand: number): void {
    const { strands, visits } = this.#fleet;
    const visit = strands.int[strand + STRAND.visit]!;
    const unit = visits.int[visit + VISIT.unit]!;
    this.advance(unit);
    if (strands.int[strand + STRAND.state] === STRAND_STATE.working) this.#fleet.units.int[unit + UNIT.working]!--;
    visits.int[visit + VISIT.active]!--;
    this.#notice(visit, unit);
    this.#goOn(visit, unit, this.steps.goOn(strand));
  }

  /** The call of a strand has ended as `call` says, which is free after this. */
  callEnded(strand: number, call: number): void {
    const { strands, visits, calls, nodes, clock } = this.#fleet;
    const int = visits.int;
    const result = calls.int;
    const visit = strands.int[strand + STRAND.visit]!;
    const node = strands.int[strand + STRAND.node]!;
    const unit = int[visit + VISIT.unit]!;
    this.advance(unit);
    this.#notice(visit, unit);
    strands.int[strand + STRAND.call] = NONE;
    if (--int[visit + VISIT.calls]! === 0) {
      const at = visit >> VISIT_REAL_SHIFT;
      visits.real[at + VISIT_REAL.calledMs]! += clock[0]! - visits.real[at + VISIT_REAL.callsSinceMs]!;
    }
    const slowOwnUs = result[call + CALL.slowOwnUs]!;
    if (slowOwnUs > int[visit + VISIT.slowOwnUs]!) {
      int[visit + VISIT.slowOwnUs] = slowOwnUs;
      int[visit + VISIT.slowService] = result[call + CALL.slowService]!;
    }
    const cause = result[call + CALL.cause]!;
    if (cause === OK || cause === WRONG) {
      if (result[call + CALL.isDegraded] === 1) int[visit + VISIT.isDegraded] = 1;
      if (cause === WRONG) {
        int[visit + VISIT.isWrong] = 1;
        int[visit + VISIT.originService] = result[call + CALL.originService]!;
        int[visit + VISIT.originCause] = result[call + CALL.originCause]!;
      }
      this.#goOn(visit, unit, this.steps.goOn(strand));
    } else if (nodes.int[node + NODE.fallback] !== ABSENT) {
      int[visit + VISIT.isDegraded] = 1;
      this.#goOn(visit, unit, this.steps.fallBack(strand));
    } else if (nodes.int[node + NODE.isOptional] === 1) {
      int[visit + VISIT.isDegraded] = 1;
      this.#goOn(visit, unit, this.steps.goOn(strand));
    } else {
      this.#end(visit, unit, ERROR, result[call + CALL.originService]!, result[call + CALL.originCause]!);
    }
  }

  /** The caller of a visit gave up; ignored where the visit, known by this serial, is over. */
  abandon(visit: number, serial: number): boolean {
    const { visits, units } = this.#fleet;
    const int = visits.int;
    if (int[visit + VISIT.serial] !== serial) return false;
    const unit = int[visit + VISIT.unit]!;
    this.advance(unit);
    this.#gaveUp(visit, unit);
    if (units.int[unit + UNIT.stopsRunning] === 1 && int[visit + VISIT.state] !== VISIT_STATE.arriving)
      this.#endHere(visit, unit, CANCELLED);
    return true;
  }

  /** Brings the integrals of an instance up to now; comes before anything that changes what they integrate. */
  advance(unit: number): void {
    const { units, clock } = this.#fleet;
    const int = units.int;
    const real = units.real;
    const own = unit >> UNIT_REAL_SHIFT;
    const passedMs = clock[0]! - real[own + UNIT_REAL.lastMs]!;
    if (passedMs <= 0) return;
    real[own + UNIT_REAL.inSystemMs]! += int[unit + UNIT.inSystem]! * passedMs;
    real[own + UNIT_REAL.queuedMs]! += int[unit + UNIT.queued]! * passedMs;
    real[own + UNIT_REAL.busyMs]! += int[unit + UNIT.busy]! * passedMs;
    real[own + UNIT_REAL.cpuMs]! += int[unit + UNIT.working]! * passedMs;
    real[own + UNIT_REAL.lastMs] = clock[0]!;
  }

  /** The visits that an instance holds, in the order in which they arrived. */
  visitsOf(unit: number): number[] {
    const { visits } = this.#fleet;
    const { int } = visits;
    const held: number[] = [];
    for (let visit = 0; visit < visits.used; visit += VISIT_WIDTH) {
      const state = int[visit + VISIT.state]!;
      if (int[visit + VISIT.unit] !== unit || state < VISIT_STATE.arriving || state > VISIT_STATE.running) continue;
      held.push(visit);
    }
    return held.sort((a, b) => (int[a + VISIT.order]! - int[b + VISIT.order]!) | 0);
  }

  #admit(visit: number, unit: number): void {
    const { visits, units, nodes } = this.#fleet;
    const int = visits.int;
    const own = units.int;
    this.#notice(visit, unit);
    if (own[unit + UNIT.isStopping] === 1) this.#endHere(visit, unit, REFUSED);
    else if (int[visit + VISIT.depth]! >= DEPTH_LIMIT) this.#endHere(visit, unit, TOO_DEEP);
    else if (nodes.entries[own[unit + UNIT.entries]! + int[visit + VISIT.operation]!] === ABSENT)
      this.#endHere(visit, unit, ERROR);
    else if (this.#skips(visit, unit)) this.#endHere(visit, unit, TIMEOUT);
    else if (this.#workers.tryTake(visit, unit)) this.#start(visit, unit);
    else if (!this.#workers.tryQueue(visit, unit)) this.#endHere(visit, unit, OVERLOAD);
  }

  #start(visit: number, unit: number): void {
    this.#fleet.visits.int[visit + VISIT.state] = VISIT_STATE.running;
    this.#goOn(visit, unit, this.steps.start(visit, unit));
  }

  /** A visit has gone on: it ends, or (async) its worker goes where it is needed. */
  #goOn(visit: number, unit: number, isDone: boolean): void {
    if (isDone) this.#finish(visit, unit);
    else if (this.#fleet.units.int[unit + UNIT.isAsync] === 1 && this.#workers.settle(visit, unit))
      this.#handOutWorkers(unit);
  }

  /** Free workers go to those in line. Not re-entered: what happens inside only frees workers for the same loop. */
  #handOutWorkers(unit: number): void {
    const { visits, units } = this.#fleet;
    if (units.int[unit + UNIT.isHandingOut] === 1) return;
    units.int[unit + UNIT.isHandingOut] = 1;
    for (let visit = this.#workers.next(unit); visit !== NONE; visit = this.#workers.next(unit)) {
      if (visits.int[visit + VISIT.state] === VISIT_STATE.running) {
        this.steps.resume(visit, unit);
        continue;
      }
      this.#notice(visit, unit);
      if (this.#skips(visit, unit)) {
        this.#endHere(visit, unit, TIMEOUT);
        continue;
      }
      units.int[unit + UNIT.queued]!--;
      this.#start(visit, unit);
    }
    units.int[unit + UNIT.isHandingOut] = 0;
  }

  /** A visit's steps are done: it succeeds, unless this version's errors say otherwise. */
  #finish(visit: number, unit: number): void {
    const { visits, units } = this.#fleet;
    const int = visits.int;
    if (units.int[unit + UNIT.hasErrors] === 1) {
      const { plan } = this.#fleet;
      const service = plan.services[units.int[unit + UNIT.service]!]!;
      const { errors } = service.variants[units.int[unit + UNIT.variant]!]!;
      const [high, low] = [int[visit + VISIT.keyHigh]!, int[visit + VISIT.keyLow]!];
      const error = errorOf(errors, int[visit + VISIT.operation]!, high, low);
      if (error !== null) {
        this.#endHere(visit, unit, error.cause === "error" ? ERROR : WRONG);
        return;
      }
    }
    if (int[visit + VISIT.isWrong] === 1)
      this.#end(visit, unit, WRONG, int[visit + VISIT.originService]!, int[visit + VISIT.originCause]!);
    else this.#endHere(visit, unit, OK);
  }

  /** A visit ends in a way that begins at this service. */
  #endHere(visit: number, unit: number, cause: number): void {
    this.#end(visit, unit, cause, this.#fleet.units.int[unit + UNIT.service]!, cause);
  }

  #end(visit: number, unit: number, cause: number, originService: number, originCause: number): void {
    const { visits, units, clock } = this.#fleet;
    const int = visits.int;
    const real = visits.real;
    const own = units.int;
    const at = visit >> VISIT_REAL_SHIFT;
    const nowMs = clock[0]!;
    if (int[visit + VISIT.state] === VISIT_STATE.queued) own[unit + UNIT.queued]!--;
    this.steps.stop(visit, unit);
    if (int[visit + VISIT.calls]! > 0) real[at + VISIT_REAL.calledMs]! += nowMs - real[at + VISIT_REAL.callsSinceMs]!;
    const startMs = real[at + VISIT_REAL.startMs]!;
    const ownUs = Math.round((nowMs - startMs - real[at + VISIT_REAL.calledMs]!) * 1000);
    if (ownUs > int[visit + VISIT.slowOwnUs]!) {
      int[visit + VISIT.slowOwnUs] = ownUs < 0x7fffffff ? ownUs : 0x7fffffff;
      int[visit + VISIT.slowService] = own[unit + UNIT.service]!;
    }
    if (int[visit + VISIT.isAbandoned] === 1 && (cause === OK || cause === ERROR || cause === WRONG))
      own[unit + UNIT.wasted]!++;
    int[visit + VISIT.state] = VISIT_STATE.ended;
    int[visit + VISIT.cause] = cause;
    int[visit + VISIT.originService] = originService;
    int[visit + VISIT.originCause] = originCause;
    own[unit + UNIT.inSystem]!--;
    const ownReal = unit >> UNIT_REAL_SHIFT;
    const sinceMs = units.real[ownReal + UNIT_REAL.takenMs]!;
    const lateMs = startMs > sinceMs ? startMs - sinceMs : 0;
    units.real[ownReal + UNIT_REAL.lateMs]! -= lateMs;
    units.real[ownReal + UNIT_REAL.sojournMs]! += nowMs - sinceMs - lateMs;
    this.#answers.endVisit(visit, unit);
    if (int[visit + VISIT.holdsWorker] === 1) {
      this.#workers.giveBack(visit, unit);
      this.#handOutWorkers(unit);
    }
  }

  #skips(visit: number, unit: number): boolean {
    return (
      this.#fleet.units.int[unit + UNIT.skipsUnbegun] === 1 && this.#fleet.visits.int[visit + VISIT.isAbandoned] === 1
    );
  }

  /** If the deadline of a visit has passed, its caller stopped waiting, though the message that says so is on its way. */
  #notice(visit: number, unit: number): void {
    if (this.#fleet.clock[0]! >= this.#fleet.visits.real[(visit >> VISIT_REAL_SHIFT) + VISIT_REAL.deadlineMs]!)
      this.#gaveUp(visit, unit);
  }

  #gaveUp(visit: number, unit: number): void {
    const { visits, units, policies } = this.#fleet;
    if (visits.int[visit + VISIT.isAbandoned] === 1) return;
    visits.int[visit + VISIT.isAbandoned] = 1;
    units.int[unit + UNIT.abandoned]!++;
    const blamed = this.steps.blamedCall(visit);
    if (blamed === NONE) units.int[unit + UNIT.abandonedOwn]!++;
    else {
      const policy = units.int[unit + UNIT.firstPolicy]! + blamed * POLICY_WIDTH;
      policies.real[(policy >> POLICY_REAL_SHIFT) + POLICY_REAL.abandonedWaiting]!++;
    }
  }
}
