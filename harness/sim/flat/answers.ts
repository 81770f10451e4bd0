// How visits are answered: booked where they ended, and on their way back to their callers. Hot code.
import { ERROR, OK, REFUSED, WRONG } from "../../model/outcome.ts";
import { SERVICE } from "../../signals/columns.ts";
import { UNIT, VISIT, VISIT_REAL, VISIT_REAL_SHIFT } from "./fields.ts";
import type { Fleet } from "./fleet.ts";
import { ANSWER } from "./mail.ts";

export class Answers {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Books a visit that has ended at an instance, and answers it. From now on nobody finds it there. */
  endVisit(visit: number, unit: number): void {
    const { visits, units, tally, clock } = this.#fleet;
    const { int } = visits;
    const { services } = tally;
    const cause = int[visit + VISIT.cause]!;
    const column = units.int[unit + UNIT.firstColumn]!;
    int[visit + VISIT.serial]!++;
    services[column + SERVICE.ended]!++;
    services[column + SERVICE.outcome + cause]!++;
    if (cause === OK && int[visit + VISIT.isDegraded] === 1) services[column + SERVICE.degraded]!++;
    if (cause === OK || cause === ERROR || cause === WRONG) {
      const latencyMs = clock[0]! - visits.real[(visit >> VISIT_REAL_SHIFT) + VISIT_REAL.startMs]!;
      services[column + SERVICE.latencyMs]! += latencyMs;
      tally.serviceLatency.record(units.int[unit + UNIT.row]!, latencyMs);
    }
    this.#answer(visit, units.int[unit + UNIT.zone]!);
  }

  /** A request found nobody listening: its caller hears of it one delay later. */
  refuse(visit: number): void {
    const { visits, serviceOf, zoneOf } = this.#fleet;
    const instance = visits.int[visit + VISIT.instance]!;
    this.endInPlace(visit, REFUSED, serviceOf[instance]!, zoneOf[instance]!);
  }

  /** The instance of this service and zone is gone; the visit ends as `cause` says. */
  endInPlace(visit: number, cause: number, service: number, zone: number): void {
    const { int } = this.#fleet.visits;
    int[visit + VISIT.serial]!++;
    int[visit + VISIT.cause] = cause;
    int[visit + VISIT.isDegraded] = 0;
    int[visit + VISIT.originService] = service;
    int[visit + VISIT.originCause] = cause;
    int[visit + VISIT.slowService] = service;
    int[visit + VISIT.slowOwnUs] = 0;
    this.#answer(visit, zone);
  }

  #answer(visit: number, zone: number): void {
    const { visits, units } = this.#fleet;
    const caller = visits.int[visit + VISIT.caller]!;
    if (units.int[caller + UNIT.isAlive] === 0) visits.release(visit);
    else this.#fleet.send(zone, units.int[caller + UNIT.zone]!, visit, ANSWER, 0);
  }
}
