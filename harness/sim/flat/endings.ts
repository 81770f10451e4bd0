// How visits end: booked, and answered. service/instance.ts over flat records. Hot code.
import { ERROR, OK, WRONG } from "../../model/outcome.ts";
import { errorOf } from "../../service/errors.ts";
import { answer } from "./answers.ts";
import * as FLAG from "./fields/flag.ts";
import * as UNIT from "./fields/unit.ts";
import * as UNIT_REAL from "./fields/unit-real.ts";
import * as VISIT from "./fields/visit.ts";
import * as VISIT_REAL from "./fields/visit-real.ts";
import { REAL_SHIFT, UNIT_REAL_SHIFT } from "./fields/widths.ts";
import { RUN } from "./fleet.ts";
import { CLOCK, INT, NOW, REAL, UNIT_REALS, UNITS } from "./memory.ts";

/** A visit's steps are done: it succeeds, unless this version's errors say otherwise. */
export function succeed(visit: number, unit: number): void {
  if (UNITS[unit + UNIT.hasErrors] === 1) {
    const service = RUN.plan.services[UNITS[unit + UNIT.service]!]!;
    const { errors } = service.variants[UNITS[unit + UNIT.variant]!]!;
    const [high, low] = [INT[visit + VISIT.keyHigh]!, INT[visit + VISIT.keyLow]!];
    const error = errorOf(errors, INT[visit + VISIT.operation]!, high, low);
    if (error !== null) {
      const cause = error.cause === "error" ? ERROR : WRONG;
      conclude(visit, unit, cause, UNITS[unit + UNIT.service]!, cause);
      return;
    }
  }
  if ((INT[visit + VISIT.flags]! & FLAG.isWrong) !== 0)
    conclude(visit, unit, WRONG, INT[visit + VISIT.originService]!, INT[visit + VISIT.originCause]!);
  else conclude(visit, unit, OK, UNITS[unit + UNIT.service]!, OK);
}

/** A visit that does nothing any more is booked and answered, and its worker is free. */
export function conclude(visit: number, unit: number, cause: number, originService: number, originCause: number): void {
  const at = visit >> REAL_SHIFT;
  const nowMs = CLOCK[NOW]!;
  const startMs = REAL[at + VISIT_REAL.startMs]!;
  // Rounded by hand to an integer that V8 need not take for a double.
  const halfUpUs = (nowMs - startMs - REAL[at + VISIT_REAL.calledMs]!) * 1000 + 0.5;
  const ownUs = halfUpUs < 0x7fffffff ? halfUpUs | 0 : 0x7fffffff;
  if (ownUs > INT[visit + VISIT.slowOwnUs]!) {
    INT[visit + VISIT.slowOwnUs] = ownUs;
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
  if ((flags & FLAG.holdsWorker) !== 0) UNITS[unit + UNIT.busy]!--;
}
