// How calls and visits reach each other: messages that arrive, and outputs that are carried out until none is left.
// actor/service-actor.ts and delivery.ts over flat records. Hot code.
import { CONNECTION_RESET, REFUSED } from "../../model/outcome.ts";
import { SERVICE } from "../../signals/columns.ts";
import { answerForDead } from "./answers.ts";
import { answered, drop, forgetCall } from "./calls.ts";
import * as CALL from "./fields/call.ts";
import * as CALL_STATE from "./fields/call-state.ts";
import * as PHASE from "./fields/phase.ts";
import * as POLICY from "./fields/policy.ts";
import * as UNIT from "./fields/unit.ts";
import * as VISIT from "./fields/visit.ts";
import * as VISIT_STATE from "./fields/visit-state.ts";
import { NONE, RECORD_WIDTH, UNIT_WIDTH_SHIFT } from "./fields/widths.ts";
import { isAlive, laneBetween, RUN } from "./fleet.ts";
import { LOADS } from "./load-path.ts";
import { send } from "./mail.ts";
import {
  allocate,
  COUNT,
  INT,
  LOAD_UNITS,
  OUTPUTS,
  OUTPUTS_HEAD,
  OUTPUTS_MASK,
  OUTPUTS_TAIL,
  POLICIES,
  release,
  SENDING,
  SERVICE_OF,
  SERVICES,
  UNITS,
  USED,
  ZONE_OF,
} from "./memory.ts";
import { END, GIVE_UP, KINDS } from "./outputs.ts";
import { forgetSteps } from "./steps.ts";
import { abandon, arrive, callEnded, visitsOf } from "./visits.ts";
import { leaveLine } from "./workers.ts";

/** A message has arrived: what it says happens, with all that follows at once. */
export function deliver(message: number): void {
  const state = INT[message + VISIT.state]!;
  if (state === VISIT_STATE.travelling) {
    const unit = INT[message + VISIT.unit]!;
    if (isAlive(unit)) {
      arrive(message, unit);
      pumpInstance(unit);
    } else refuse(message);
  } else if (state === VISIT_STATE.ended) {
    if (INT[message + CALL.state] === CALL_STATE.inFlight) {
      const caller = POLICIES[INT[message + CALL.policy]! + POLICY.unit]!;
      const isLoad = caller < COUNT[LOAD_UNITS]!;
      if (answered(message)) {
        if (isLoad) LOADS[caller >> UNIT_WIDTH_SHIFT]!.ended(message);
        else callEnded(INT[message + CALL.owner]!, message);
        forgetCall(message);
      }
      if (isLoad) pumpLoad(caller >> UNIT_WIDTH_SHIFT);
      else pumpInstance(caller);
    } else {
      INT[message + VISIT.state] = VISIT_STATE.none;
      release(message);
    }
  } else deliverAbandonment(message);
}

/** Of an instance or a load. */
export function pump(unit: number): void {
  if (unit < COUNT[LOAD_UNITS]!) pumpLoad(unit >> UNIT_WIDTH_SHIFT);
  else pumpInstance(unit);
}

/** Ends requests of a load until none has ended. */
export function pumpLoad(load: number): void {
  for (let call = takeEnded(); call !== NONE; call = takeEnded()) {
    LOADS[load]!.ended(call);
    drop(call);
  }
}

/** Ends calls of an instance, with all that follows, until none has ended. */
export function pumpInstance(unit: number): void {
  sendOne();
  if (COUNT[OUTPUTS_HEAD] !== COUNT[OUTPUTS_TAIL]) pumpOutputs();
  if (UNITS[unit + UNIT.phase] === PHASE.stopping && UNITS[unit + UNIT.inSystem] === 0) RUN.holder!.drained(unit);
}

function pumpOutputs(): void {
  for (let call = takeEnded(); call !== NONE; call = takeEnded()) {
    callEnded(INT[call + CALL.owner]!, call);
    drop(call);
  }
}

/** What the instance held is lost: its callers' connections are reset, and its own calls end. */
export function crash(unit: number): void {
  const lost = UNITS[unit + UNIT.inSystem]!;
  const service = UNITS[unit + UNIT.service]!;
  for (const visit of visitsOf(unit)) {
    forgetSteps(visit);
    leaveLine(visit);
    answerForDead(visit, CONNECTION_RESET, service, UNITS[unit + UNIT.zone]!);
  }
  const own: number[] = [];
  for (let call = 0; call < COUNT[USED]!; call += RECORD_WIDTH)
    if (INT[call + CALL.state] !== CALL_STATE.none && POLICIES[INT[call + CALL.policy]! + POLICY.unit] === unit)
      own.push(call);
  own.sort((a, b) => (INT[a + CALL.order]! - INT[b + CALL.order]!) | 0);
  for (const call of own) {
    drop(call);
    takeEnded();
  }
  const column = UNITS[unit + UNIT.firstColumn]!;
  SERVICES[column + SERVICE.crashes]!++;
  SERVICES[column + SERVICE.ended]! += lost;
  SERVICES[column + SERVICE.outcome + CONNECTION_RESET]! += lost;
}

function deliverAbandonment(message: number): void {
  const visit = INT[message + CALL.owner]!;
  const isGoing = INT[visit + VISIT.serial] === INT[message + CALL.attempts];
  INT[message + VISIT.state] = VISIT_STATE.none;
  release(message);
  if (!isGoing) return;
  const unit = INT[visit + VISIT.unit]!;
  abandon(visit, unit);
  pumpInstance(unit);
}

/** Carries out what was decided; returns the next call that has ended (its owner drops it), or NONE. */
function takeEnded(): number {
  sendOne();
  while (COUNT[OUTPUTS_HEAD] !== COUNT[OUTPUTS_TAIL]) {
    const head = COUNT[OUTPUTS_HEAD]!;
    const output = OUTPUTS[head]!;
    COUNT[OUTPUTS_HEAD] = (head + 2) & OUTPUTS_MASK;
    const kind = output & KINDS;
    const call = output - kind;
    if (INT[call + VISIT.serial] !== OUTPUTS[head + 1]) continue;
    if (kind === END) return call;
    if (kind === GIVE_UP) tellGivenUp(call);
    else if (INT[call + CALL.hasLeft] === 0) leave(call);
  }
  // Begun anew, the ring stays where the cache has it.
  COUNT[OUTPUTS_HEAD] = 0;
  COUNT[OUTPUTS_TAIL] = 0;
  return NONE;
}

/** Lets the attempt go that is all there is to carry out. */
function sendOne(): void {
  const call = COUNT[SENDING]!;
  if (call === NONE) return;
  COUNT[SENDING] = NONE;
  leave(call);
}

/** An attempt goes out: its request becomes a visit, under way. */
function leave(call: number): void {
  const policy = INT[call + CALL.policy]!;
  INT[call + CALL.hasLeft] = 1;
  INT[call + VISIT.state] = VISIT_STATE.travelling;
  const caller = POLICIES[policy + POLICY.unit]!;
  send(laneBetween(UNITS[caller + UNIT.zone]!, ZONE_OF[INT[call + VISIT.instance]!]!), call);
}

/** The callee of an attempt that was given up hears of it, if it is still at it: a message of its own, for an answer may be under way. */
function tellGivenUp(visit: number): void {
  const state = INT[visit + VISIT.state]!;
  const unit = INT[visit + VISIT.unit]!;
  if (state === VISIT_STATE.none || state === VISIT_STATE.ended || !isAlive(unit)) return;
  const caller = POLICIES[INT[visit + CALL.policy]! + POLICY.unit]!;
  const message = allocate();
  INT[message + VISIT.state] = VISIT_STATE.abandonment;
  INT[message + CALL.owner] = visit;
  INT[message + CALL.attempts] = INT[visit + VISIT.serial]!;
  send(laneBetween(UNITS[caller + UNIT.zone]!, UNITS[unit + UNIT.zone]!), message);
}

/** A request found nobody listening: its caller hears of it one delay later. */
function refuse(visit: number): void {
  const instance = INT[visit + VISIT.instance]!;
  answerForDead(visit, REFUSED, SERVICE_OF[instance]!, ZONE_OF[instance]!);
}
