// How calls and visits reach each other: messages that arrive, and outputs that are carried from path to path until none
// is left. actor/service-actor.ts and delivery.ts over flat records. Hot code.
import { CONNECTION_RESET } from "../../model/outcome.ts";
import { SERVICE } from "../../signals/columns.ts";
import type { Answers } from "./answers.ts";
import type { CallPath } from "./call-path.ts";
import {
  CALL,
  CALL_STATE,
  CALL_WIDTH,
  NONE,
  PHASE,
  POLICY,
  UNIT,
  UNIT_WIDTH,
  UNIT_WIDTH_SHIFT,
  VISIT,
  VISIT_STATE,
} from "./fields.ts";
import type { Fleet } from "./fleet.ts";
import type { LoadPath } from "./load-path.ts";
import { ANSWER, KINDS, REQUEST } from "./mail.ts";
import type { ServicePath } from "./service-path.ts";

export class Exchange {
  readonly #fleet: Fleet;
  readonly #answers: Answers;
  readonly #callPath: CallPath;
  readonly #servicePath: ServicePath;
  readonly #loads: readonly LoadPath[];
  readonly #onDrained: (unit: number) => void;

  /** `onDrained`: a stopping instance holds nothing any more. */
  constructor(
    fleet: Fleet,
    answers: Answers,
    callPath: CallPath,
    servicePath: ServicePath,
    loads: readonly LoadPath[],
    onDrained: (unit: number) => void,
  ) {
    this.#fleet = fleet;
    this.#answers = answers;
    this.#callPath = callPath;
    this.#servicePath = servicePath;
    this.#loads = loads;
    this.#onDrained = onDrained;
  }

  /** A message has arrived: what it says of its visit happens, with all that follows at once. */
  deliver(message: number): void {
    const { visits, mail } = this.#fleet;
    const kind = message & KINDS;
    const visit = message - kind;
    if (kind === REQUEST) {
      const unit = visits.int[visit + VISIT.unit]!;
      if (this.#fleet.isAlive(unit)) {
        this.#servicePath.arrive(visit, unit);
        this.pumpInstance(unit);
      } else this.#answers.refuse(visit);
    } else if (kind === ANSWER) {
      const caller = visits.int[visit + VISIT.caller]!;
      const isAlive = this.#fleet.isAlive(caller);
      if (isAlive) this.#callPath.answered(visit);
      visits.release(visit);
      if (isAlive) this.pump(caller);
    } else if (this.#servicePath.abandon(visit, mail.serial)) this.pumpInstance(visits.int[visit + VISIT.unit]!);
  }

  /** Of an instance or a load. */
  pump(unit: number): void {
    if (unit < this.#loads.length * UNIT_WIDTH) this.pumpLoad(unit >> UNIT_WIDTH_SHIFT);
    else this.pumpInstance(unit);
  }

  /** Ends requests of a load until none has ended. */
  pumpLoad(load: number): void {
    for (let call = this.#callPath.take(); call !== NONE; call = this.#callPath.take()) {
      this.#loads[load]!.ended(call);
      this.#callPath.free(call);
    }
  }

  /** Ends calls of an instance, with all that follows, until none has ended. */
  pumpInstance(unit: number): void {
    const { calls, units } = this.#fleet;
    for (let call = this.#callPath.take(); call !== NONE; call = this.#callPath.take()) {
      this.#servicePath.callEnded(calls.int[call + CALL.owner]!, call);
      this.#callPath.free(call);
    }
    if (units.int[unit + UNIT.phase] === PHASE.stopping && units.int[unit + UNIT.inSystem] === 0) this.#onDrained(unit);
  }

  /** What the instance held is lost: its callers' connections are reset, and its own calls end. */
  crash(unit: number): void {
    const { units, visits, calls, policies, tally } = this.#fleet;
    const lost = units.int[unit + UNIT.inSystem]!;
    const service = units.int[unit + UNIT.service]!;
    for (const visit of this.#servicePath.visitsOf(unit)) {
      this.#servicePath.steps.forget(visit);
      visits.int[visit + VISIT.state] = VISIT_STATE.ended;
      this.#answers.endInPlace(visit, CONNECTION_RESET, service, units.int[unit + UNIT.zone]!);
    }
    const own: number[] = [];
    for (let call = 0; call < calls.used; call += CALL_WIDTH)
      if (
        calls.int[call + CALL.state] !== CALL_STATE.free &&
        policies.int[calls.int[call + CALL.policy]! + POLICY.unit] === unit
      )
        own.push(call);
    own.sort((a, b) => (calls.int[a + CALL.order]! - calls.int[b + CALL.order]!) | 0);
    for (const call of own) this.#callPath.drop(call);
    this.#callPath.take();
    const column = units.int[unit + UNIT.firstColumn]!;
    tally.services[column + SERVICE.crashes]!++;
    tally.services[column + SERVICE.ended]! += lost;
    tally.services[column + SERVICE.outcome + CONNECTION_RESET]! += lost;
  }
}
