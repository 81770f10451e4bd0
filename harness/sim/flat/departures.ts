// What leaves callers: attempts, and the word that one was given up. The sending half of port.ts over flat records. Hot code.
import {
  CALL,
  CALL_REAL,
  CALL_REAL_SHIFT,
  POLICY,
  POLICY_WIDTH_SHIFT,
  UNIT,
  VISIT,
  VISIT_REAL,
  VISIT_REAL_SHIFT,
  VISIT_STATE,
} from "./fields.ts";
import type { Fleet } from "./fleet.ts";
import { ABANDON, REQUEST } from "./mail.ts";

export class Departures {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** The callee of the attempt given up last hears of it, if it is still at it. */
  tellGivenUp(call: number): void {
    const fleet = this.#fleet;
    const int = fleet.calls.int;
    const visit = int[call + CALL.abandonedVisit]!;
    const serial = int[call + CALL.abandonedSerial]!;
    if (fleet.visits.int[visit + VISIT.serial] !== serial) return;
    const unit = fleet.visits.int[visit + VISIT.unit]!;
    if (!fleet.isAlive(unit)) return;
    const caller = fleet.policies.int[int[call + CALL.policy]! + POLICY.unit]!;
    const units = fleet.units.int;
    fleet.send(units[caller + UNIT.zone]!, units[unit + UNIT.zone]!, visit, ABANDON, serial);
  }

  /** An attempt goes out: its request becomes a visit, under way. */
  leave(call: number): void {
    const fleet = this.#fleet;
    const { visits, calls } = fleet;
    const from = calls.int;
    from[call + CALL.hasLeft] = 1;
    const policy = from[call + CALL.policy]!;
    const { balancer } = fleet.machines[policy >> POLICY_WIDTH_SHIFT]!;
    const endpoint = from[call + CALL.endpoint]!;
    const instance = balancer.instanceOf(endpoint);
    const caller = fleet.policies.int[policy + POLICY.unit]!;
    const visit = visits.allocate();
    const int = visits.int;
    from[call + CALL.visit] = visit;
    from[call + CALL.visitSerial] = int[visit + VISIT.serial]!;
    int[visit + VISIT.state] = VISIT_STATE.travelling;
    int[visit + VISIT.unit] = fleet.unitOfGeneration(instance, balancer.generationOf(endpoint));
    int[visit + VISIT.instance] = instance;
    int[visit + VISIT.operation] = from[call + CALL.operation]!;
    int[visit + VISIT.keyHigh] = from[call + CALL.keyHigh]!;
    int[visit + VISIT.keyLow] = from[call + CALL.keyLow]!;
    int[visit + VISIT.user] = from[call + CALL.user]!;
    int[visit + VISIT.depth] = from[call + CALL.depth]!;
    int[visit + VISIT.caller] = caller;
    int[visit + VISIT.call] = call;
    int[visit + VISIT.callSerial] = from[call + CALL.serial]!;
    visits.real[(visit >> VISIT_REAL_SHIFT) + VISIT_REAL.deadlineMs] =
      calls.real[(call >> CALL_REAL_SHIFT) + CALL_REAL.deadlineMs]!;
    fleet.send(fleet.units.int[caller + UNIT.zone]!, fleet.zoneOf[instance]!, visit, REQUEST, 0);
  }
}
