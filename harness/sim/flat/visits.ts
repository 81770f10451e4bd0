// What requests do inside instances, for all instances at once: service/instance.ts, abandonment.ts and meters.ts over
// flat records (steps and workers are in files of their own). test/sim/flat holds the two to the same bytes.
// Hot code.
import { CANCELLED, DEPTH_LIMIT, ERROR, OK, OVERLOAD, REFUSED, TIMEOUT, TOO_DEEP, WRONG } from "../../model/outcome.ts";
import { errorOf } from "../../service/errors.ts";
import { ABSENT, END_OF_STEPS } from "../../service/program.ts";
import { answer } from "./answers.ts";
import * as FLAG from "./fields/flag.ts";
import * as POLICY_REAL from "./fields/policy-real.ts";
import * as NODE from "./fields/node.ts";
import * as STRAND from "./fields/strand.ts";
import * as STRAND_STATE from "./fields/strand-state.ts";
import * as UNIT from "./fields/unit.ts";
import * as UNIT_REAL from "./fields/unit-real.ts";
import * as VISIT from "./fields/visit.ts";
import * as VISIT_REAL from "./fields/visit-real.ts";
import * as VISIT_STATE from "./fields/visit-state.ts";
import { NONE, POLICY_REAL_SHIFT, POLICY_WIDTH, REAL_SHIFT, RECORD_WIDTH, UNIT_REAL_SHIFT } from "./fields/widths.ts";
import { RUN } from "./fleet.ts";
import {
  ARRIVALS,
  CLOCK,
  COUNT,
  ENTRIES,
  INT,
  NODES,
  NOW,
  POLICY_REALS,
  REAL,
  UNIT_REALS,
  UNITS,
  USED,
} from "./memory.ts";
import { blamedCall, fallBack, resume, startSteps, stepOn, stopSteps } from "./steps.ts";
import { isAwaited, leaveLine, nextInLine, settleWorker, tryQueue, tryTake } from "./workers.ts";

/** A visit has reached its instance. */
export function arrive(visit: number, unit: number): void {
  advance(unit);
  const at = visit >> REAL_SHIFT;
  const nowMs = CLOCK[NOW]!;
  const own = unit >> UNIT_REAL_SHIFT;
  UNITS[unit + UNIT.arrived]!++;
  UNITS[unit + UNIT.inSystem]!++;
  UNIT_REALS[own + UNIT_REAL.lateMs]! += nowMs - UNIT_REALS[own + UNIT_REAL.takenMs]!;
  INT[visit + VISIT.state] = VISIT_STATE.arriving;
  INT[visit + STRAND.state] = STRAND_STATE.none;
  INT[visit + VISIT.lastStrand] = NONE;
  INT[visit + VISIT.active] = 0;
  INT[visit + VISIT.flags] = 0;
  INT[visit + VISIT.calls] = 0;
  INT[visit + VISIT.slowService] = UNITS[unit + UNIT.service]!;
  INT[visit + VISIT.slowOwnUs] = -1;
  const order = COUNT[ARRIVALS]!;
  INT[visit + VISIT.order] = order;
  COUNT[ARRIVALS] = (order + 1) | 0;
  REAL[at + VISIT_REAL.startMs] = nowMs;
  REAL[at + VISIT_REAL.calledMs] = 0;
  notice(visit, unit);
  if (UNITS[unit + UNIT.isStopping] === 1) endHere(visit, unit, REFUSED);
  else if (INT[visit + VISIT.depth]! >= DEPTH_LIMIT) endHere(visit, unit, TOO_DEEP);
  else if (ENTRIES[UNITS[unit + UNIT.entries]! + INT[visit + VISIT.operation]!] === ABSENT) endHere(visit, unit, ERROR);
  else if (skips(visit, unit)) endHere(visit, unit, TIMEOUT);
  else if (tryTake(visit, unit)) start(visit, unit);
  else if (!tryQueue(visit, unit)) endHere(visit, unit, OVERLOAD);
}

/** Work or waiting of a strand is over; the tasks have forgotten it. */
export function taskDone(strand: number): void {
  const visit = INT[strand + STRAND.visit]!;
  const unit = INT[visit + VISIT.unit]!;
  advance(unit);
  if (INT[strand + STRAND.state] === STRAND_STATE.working) UNITS[unit + UNIT.working]!--;
  INT[visit + VISIT.active]!--;
  notice(visit, unit);
  if (isAtEnd(strand, visit)) succeed(visit, unit);
  else goOn(visit, unit, stepOn(strand));
}

/** Whether this was the last step of all, which spares the walk. The strand is over then. */
function isAtEnd(strand: number, visit: number): boolean {
  if (strand !== visit || NODES[INT[strand + STRAND.node]! + NODE.next] !== END_OF_STEPS) return false;
  INT[visit + STRAND.state] = STRAND_STATE.none;
  return true;
}

/** The call of a strand has ended as `call` says; the caller of this frees it. */
export function callEnded(strand: number, call: number): void {
  const visit = INT[strand + STRAND.visit]!;
  const unit = INT[visit + VISIT.unit]!;
  advance(unit);
  notice(visit, unit);
  INT[strand + STRAND.call] = NONE;
  if (--INT[visit + VISIT.calls]! === 0) {
    const at = visit >> REAL_SHIFT;
    REAL[at + VISIT_REAL.calledMs]! += CLOCK[NOW]! - REAL[at + VISIT_REAL.callsSinceMs]!;
  }
  const slowOwnUs = INT[call + VISIT.slowOwnUs]!;
  if (slowOwnUs > INT[visit + VISIT.slowOwnUs]!) {
    INT[visit + VISIT.slowOwnUs] = slowOwnUs;
    INT[visit + VISIT.slowService] = INT[call + VISIT.slowService]!;
  }
  const cause = INT[call + VISIT.cause]!;
  if (cause === OK || cause === WRONG) {
    INT[visit + VISIT.flags]! |= INT[call + VISIT.flags]! & FLAG.isDegraded;
    if (cause === WRONG) {
      INT[visit + VISIT.flags]! |= FLAG.isWrong;
      INT[visit + VISIT.originService] = INT[call + VISIT.originService]!;
      INT[visit + VISIT.originCause] = INT[call + VISIT.originCause]!;
    }
    if (isAtEnd(strand, visit)) succeed(visit, unit);
    else goOn(visit, unit, stepOn(strand));
    return;
  }
  const node = INT[strand + STRAND.node]!;
  if (NODES[node + NODE.fallback] !== ABSENT) {
    INT[visit + VISIT.flags]! |= FLAG.isDegraded;
    goOn(visit, unit, fallBack(strand));
  } else if (NODES[node + NODE.isOptional] === 1) {
    INT[visit + VISIT.flags]! |= FLAG.isDegraded;
    goOn(visit, unit, stepOn(strand));
  } else end(visit, unit, ERROR, INT[call + VISIT.originService]!, INT[call + VISIT.originCause]!);
}

/** The caller of a visit gave up. */
export function abandon(visit: number, unit: number): void {
  advance(unit);
  gaveUp(visit, unit);
  if (UNITS[unit + UNIT.stopsRunning] === 1 && INT[visit + VISIT.state] !== VISIT_STATE.arriving)
    endHere(visit, unit, CANCELLED);
}

/** Brings the integrals of an instance up to now; comes before anything that changes what they integrate. */
export function advance(unit: number): void {
  const own = unit >> UNIT_REAL_SHIFT;
  const passedMs = CLOCK[NOW]! - UNIT_REALS[own + UNIT_REAL.lastMs]!;
  if (passedMs <= 0) return;
  UNIT_REALS[own + UNIT_REAL.inSystemMs]! += UNITS[unit + UNIT.inSystem]! * passedMs;
  UNIT_REALS[own + UNIT_REAL.queuedMs]! += UNITS[unit + UNIT.queued]! * passedMs;
  UNIT_REALS[own + UNIT_REAL.busyMs]! += UNITS[unit + UNIT.busy]! * passedMs;
  UNIT_REALS[own + UNIT_REAL.cpuMs]! += UNITS[unit + UNIT.working]! * passedMs;
  UNIT_REALS[own + UNIT_REAL.lastMs] = CLOCK[NOW]!;
}

/** The visits that an instance holds, in the order in which they arrived. */
export function visitsOf(unit: number): number[] {
  const held: number[] = [];
  for (let visit = 0; visit < COUNT[USED]!; visit += RECORD_WIDTH) {
    const state = INT[visit + VISIT.state]!;
    if (state < VISIT_STATE.arriving || state > VISIT_STATE.running || INT[visit + VISIT.unit] !== unit) continue;
    held.push(visit);
  }
  return held.sort((a, b) => (INT[a + VISIT.order]! - INT[b + VISIT.order]!) | 0);
}

function start(visit: number, unit: number): void {
  INT[visit + VISIT.state] = VISIT_STATE.running;
  goOn(visit, unit, startSteps(visit, unit));
}

/** A visit has gone on: it ends, or (async) its worker goes where it is needed. */
function goOn(visit: number, unit: number, isDone: boolean): void {
  if (isDone) succeed(visit, unit);
  else if (UNITS[unit + UNIT.isAsync] === 1 && settleWorker(visit, unit) && isAwaited(unit)) handOutWorkers(unit);
}

/** Free workers go to those in line. Not re-entered: what happens inside only frees workers for the same loop. */
function handOutWorkers(unit: number): void {
  if (UNITS[unit + UNIT.isHandingOut] === 1) return;
  UNITS[unit + UNIT.isHandingOut] = 1;
  for (let visit = nextInLine(unit); visit !== NONE; visit = nextInLine(unit)) {
    if (INT[visit + VISIT.state] === VISIT_STATE.running) {
      resume(visit, unit);
      continue;
    }
    notice(visit, unit);
    if (skips(visit, unit)) {
      endHere(visit, unit, TIMEOUT);
      continue;
    }
    UNITS[unit + UNIT.queued]!--;
    start(visit, unit);
  }
  UNITS[unit + UNIT.isHandingOut] = 0;
}

/** A visit's steps are done: it succeeds, unless this version's errors say otherwise. */
function succeed(visit: number, unit: number): void {
  if (UNITS[unit + UNIT.hasErrors] === 1) {
    const service = RUN.plan.services[UNITS[unit + UNIT.service]!]!;
    const { errors } = service.variants[UNITS[unit + UNIT.variant]!]!;
    const [high, low] = [INT[visit + VISIT.keyHigh]!, INT[visit + VISIT.keyLow]!];
    const error = errorOf(errors, INT[visit + VISIT.operation]!, high, low);
    if (error !== null) {
      endHere(visit, unit, error.cause === "error" ? ERROR : WRONG);
      return;
    }
  }
  if ((INT[visit + VISIT.flags]! & FLAG.isWrong) !== 0)
    conclude(visit, unit, WRONG, INT[visit + VISIT.originService]!, INT[visit + VISIT.originCause]!);
  else conclude(visit, unit, OK, UNITS[unit + UNIT.service]!, OK);
}

/** A visit ends in a way that begins at this service. */
function endHere(visit: number, unit: number, cause: number): void {
  end(visit, unit, cause, UNITS[unit + UNIT.service]!, cause);
}

function end(visit: number, unit: number, cause: number, originService: number, originCause: number): void {
  leaveLine(visit);
  if (INT[visit + VISIT.state] === VISIT_STATE.queued) UNITS[unit + UNIT.queued]!--;
  stopSteps(visit, unit);
  if (INT[visit + VISIT.calls]! > 0) {
    const at = visit >> REAL_SHIFT;
    REAL[at + VISIT_REAL.calledMs]! += CLOCK[NOW]! - REAL[at + VISIT_REAL.callsSinceMs]!;
  }
  conclude(visit, unit, cause, originService, originCause);
}

/** A visit that does nothing any more is booked and answered, and its worker goes to the next in line. */
function conclude(visit: number, unit: number, cause: number, originService: number, originCause: number): void {
  const at = visit >> REAL_SHIFT;
  const nowMs = CLOCK[NOW]!;
  const startMs = REAL[at + VISIT_REAL.startMs]!;
  const ownUs = Math.round((nowMs - startMs - REAL[at + VISIT_REAL.calledMs]!) * 1000);
  if (ownUs > INT[visit + VISIT.slowOwnUs]!) {
    INT[visit + VISIT.slowOwnUs] = ownUs < 0x7fffffff ? ownUs : 0x7fffffff;
    INT[visit + VISIT.slowService] = UNITS[unit + UNIT.service]!;
  }
  const flags = INT[visit + VISIT.flags]!;
  if ((flags & FLAG.isAbandoned) !== 0 && (cause === OK || cause === ERROR || cause === WRONG))
    UNITS[unit + UNIT.wasted]!++;
  INT[visit + VISIT.cause] = cause;
  INT[visit + VISIT.originService] = originService;
  INT[visit + VISIT.originCause] = originCause;
  UNITS[unit + UNIT.inSystem]!--;
  const own = unit >> UNIT_REAL_SHIFT;
  const sinceMs = UNIT_REALS[own + UNIT_REAL.takenMs]!;
  const lateMs = startMs > sinceMs ? startMs - sinceMs : 0;
  UNIT_REALS[own + UNIT_REAL.lateMs]! -= lateMs;
  UNIT_REALS[own + UNIT_REAL.sojournMs]! += nowMs - sinceMs - lateMs;
  answer(visit, unit);
  if ((flags & FLAG.holdsWorker) !== 0) {
    UNITS[unit + UNIT.busy]!--;
    if (isAwaited(unit)) handOutWorkers(unit);
  }
}

function skips(visit: number, unit: number): boolean {
  return UNITS[unit + UNIT.skipsUnbegun] === 1 && (INT[visit + VISIT.flags]! & FLAG.isAbandoned) !== 0;
}

/** If the deadline of a visit has passed, its caller stopped waiting, though the message that says so is on its way. */
function notice(visit: number, unit: number): void {
  if (CLOCK[NOW]! >= REAL[(visit >> REAL_SHIFT) + VISIT_REAL.deadlineMs]!) gaveUp(visit, unit);
}

function gaveUp(visit: number, unit: number): void {
  if ((INT[visit + VISIT.flags]! & FLAG.isAbandoned) !== 0) return;
  INT[visit + VISIT.flags]! |= FLAG.isAbandoned;
  UNITS[unit + UNIT.abandoned]!++;
  const blamed = blamedCall(visit);
  if (blamed === NONE) UNITS[unit + UNIT.abandonedOwn]!++;
  else {
    const policy = UNITS[unit + UNIT.firstPolicy]! + blamed * POLICY_WIDTH;
    POLICY_REALS[(policy >> POLICY_REAL_SHIFT) + POLICY_REAL.abandonedWaiting]!++;
  }
}
