// What requests do inside instances, for all instances at once: service/instance.ts, abandonment.ts and meters.ts over
// flat records (steps, endings and workers are in files of their own). test/sim/flat holds the two to the same bytes.
// Hot code.
import { CANCELLED, DEPTH_LIMIT, ERROR, OK, OVERLOAD, REFUSED, TIMEOUT, TOO_DEEP, WRONG } from "../../model/outcome.ts";
import { ABSENT, END_OF_STEPS } from "../../service/program.ts";
import { conclude, succeed } from "./endings.ts";
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
import { blamedCall, resume, startSteps, stopSteps, walk } from "./steps.ts";
import { leaveLine, nextInLine, settleWorker, tryQueue, tryTake } from "./workers.ts";

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
  else if (tryTake(visit, unit)) {
    start(visit, unit);
    handOutWorkers(unit);
  } else if (!tryQueue(visit, unit)) endHere(visit, unit, OVERLOAD);
}

/** Work or waiting of a strand is over; the tasks have forgotten it. */
export function taskDone(strand: number): void {
  const visit = INT[strand + STRAND.visit]!;
  const unit = INT[visit + VISIT.unit]!;
  advance(unit);
  if (INT[strand + STRAND.state] === STRAND_STATE.working) UNITS[unit + UNIT.working]!--;
  INT[visit + VISIT.active]!--;
  notice(visit, unit);
  goOn(strand, visit, unit);
  handOutWorkers(unit);
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
    goOn(strand, visit, unit);
  } else {
    const node = INT[strand + STRAND.node]!;
    if (NODES[node + NODE.fallback] !== ABSENT) {
      INT[visit + VISIT.flags]! |= FLAG.isDegraded;
      goOnFrom(NODES[node + NODE.fallback]!, strand, visit, unit);
    } else if (NODES[node + NODE.isOptional] === 1) {
      INT[visit + VISIT.flags]! |= FLAG.isDegraded;
      goOn(strand, visit, unit);
    } else end(visit, unit, ERROR, INT[call + VISIT.originService]!, INT[call + VISIT.originCause]!);
  }
  handOutWorkers(unit);
}

/** The caller of a visit gave up. */
export function abandon(visit: number, unit: number): void {
  advance(unit);
  gaveUp(visit, unit);
  if (UNITS[unit + UNIT.stopsRunning] === 1 && INT[visit + VISIT.state] !== VISIT_STATE.arriving)
    endHere(visit, unit, CANCELLED);
  handOutWorkers(unit);
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
  startSteps(visit, unit);
  if (UNITS[unit + UNIT.isAsync] === 1) settleWorker(visit, unit);
}

/** What a strand was doing is over. A last step of all is the commonest, and is spared the walk. */
function goOn(strand: number, visit: number, unit: number): void {
  const next = NODES[INT[strand + STRAND.node]! + NODE.next]!;
  if (next === END_OF_STEPS && strand === visit) {
    INT[visit + STRAND.state] = STRAND_STATE.none;
    succeed(visit, unit);
  } else goOnFrom(next, strand, visit, unit);
}

function goOnFrom(node: number, strand: number, visit: number, unit: number): void {
  walk(strand, node);
  if (UNITS[unit + UNIT.isAsync] === 1) settleWorker(visit, unit);
}

/**
 * Free workers go to those in line. The last thing that is done whenever something happened at an instance, so that
 * nothing above calls itself, and V8 can make one piece of it.
 */
function handOutWorkers(unit: number): void {
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
