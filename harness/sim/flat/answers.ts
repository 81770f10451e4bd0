// How visits are answered: booked where they ended, and on their way back to their callers. Hot code.
import { ERROR, OK, WRONG } from "../../model/outcome.ts";
import { SERVICE } from "../../signals/columns.ts";
import * as CALL from "./fields/call.ts";
import * as CALL_STATE from "./fields/call-state.ts";
import * as FLAG from "./fields/flag.ts";
import * as POLICY from "./fields/policy.ts";
import * as UNIT from "./fields/unit.ts";
import * as VISIT from "./fields/visit.ts";
import * as VISIT_REAL from "./fields/visit-real.ts";
import * as VISIT_STATE from "./fields/visit-state.ts";
import { REAL_SHIFT } from "./fields/widths.ts";
import { laneBetween } from "./fleet.ts";
import { recordLatency } from "./latency.ts";
import { send } from "./mail.ts";
import { CLOCK, INT, NOW, POLICIES, REAL, release, SERVICES, UNITS } from "./memory.ts";

/** Books a visit that has ended at an instance, and answers it. From now on nobody finds it there. */
export function answer(visit: number, unit: number): void {
  const cause = INT[visit + VISIT.cause]!;
  const column = UNITS[unit + UNIT.firstColumn]!;
  SERVICES[column + SERVICE.ended]!++;
  SERVICES[column + SERVICE.outcome + cause]!++;
  if (cause === OK && (INT[visit + VISIT.flags]! & FLAG.isDegraded) !== 0) SERVICES[column + SERVICE.degraded]!++;
  if (cause === OK || cause === ERROR || cause === WRONG) {
    const start = (visit >> REAL_SHIFT) + VISIT_REAL.startMs;
    SERVICES[column + SERVICE.latencyMs]! += CLOCK[NOW]! - REAL[start]!;
    recordLatency(UNITS[unit + UNIT.latencyRow]!, start);
  }
  sendAnswer(visit, UNITS[unit + UNIT.zone]!);
}

/** The instance of this service and zone is gone; the visit ends as `cause` says. */
export function answerForDead(visit: number, cause: number, service: number, zone: number): void {
  INT[visit + VISIT.cause] = cause;
  INT[visit + VISIT.flags] = 0;
  INT[visit + VISIT.originService] = service;
  INT[visit + VISIT.originCause] = cause;
  INT[visit + VISIT.slowService] = service;
  INT[visit + VISIT.slowOwnUs] = 0;
  sendAnswer(visit, zone);
}

/** Nobody waits for the answer of an attempt that was given up: its record is free. */
function sendAnswer(visit: number, zone: number): void {
  if (INT[visit + CALL.state] === CALL_STATE.none) {
    INT[visit + VISIT.state] = VISIT_STATE.none;
    release(visit);
    return;
  }
  INT[visit + VISIT.state] = VISIT_STATE.ended;
  INT[visit + VISIT.serial]!++;
  const caller = POLICIES[INT[visit + CALL.policy]! + POLICY.unit]!;
  send(laneBetween(zone, UNITS[caller + UNIT.zone]!), visit);
}
