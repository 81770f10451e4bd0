// How calls and visits reach each other: messages that arrive, and outputs that are carried from path to path until none
// is left. actor/service-actor.ts and delivery.ts over flat records. Hot code.
import { mixHigh, mixLow } from "../../core/key.ts";
import { CONNECTION_RESET, ERROR, OK, REFUSED, WRONG } from "../../model/outcome.ts";
import { SERVICE } from "../../signals/columns.ts";
import type { CallPath } from "./call-path.ts";
import {
  CALL,
  CALL_REAL,
  CALL_REAL_SHIFT,
  CALL_STATE,
  CALL_WIDTH,
  NONE,
  PHASE,
  POLICY,
  POLICY_WIDTH,
  STRAND,
  UNIT,
  UNIT_WIDTH,
  UNIT_WIDTH_SHIFT,
  VISIT,
  VISIT_REAL,
  VISIT_REAL_SHIFT,
  VISIT_STATE,
} from "./fields.ts";
import type { Fleet } from "./fleet.ts";
import type { LoadPath } from "./load-path.ts";
import { ANSWER, KINDS, REQUEST } from "./mail.ts";
import { NODE } from "./nodes.ts";
import type { ServicePath } from "./service-path.ts";
import { BEGIN_CALL, END_VISIT, OUTPUT_KINDS } from "./steps.ts";

export class Exchange {
  readonly #fleet: Fleet;
  readonly #callPath: CallPath;
  readonly #servicePath: ServicePath;
  readonly #loads: readonly LoadPath[];
  readonly #onDrained: (unit: number) => void;

  /** `onDrained`: a stopping instance holds nothing any more. */
  constructor(
    fleet: Fleet,
    callPath: CallPath,
    servicePath: ServicePath,
    loads: readonly LoadPath[],
    onDrained: (unit: number) => void,
  ) {
    this.#fleet = fleet;
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
      } else this.#refuse(visit);
    } else if (kind === ANSWER) {
      const caller = visits.int[visit + VISIT.caller]!;
      const isAlive = this.#fleet.isAlive(caller);
      if (isAlive) this.#callPath.answered(visit);
      visits.release(visit);
      if (isAlive) this.pump(caller);
    } else if (this.#servicePath.abandon(visit, mail.serial)) this.pumpInstance(visits.int[visit + VISIT.unit]!);
  }

  /** A request found nobody listening: its caller hears of it one delay later. */
  #refuse(visit: number): void {
    const { visits, serviceOf, zoneOf } = this.#fleet;
    const instance = visits.int[visit + VISIT.instance]!;
    this.#answerInPlace(visit, REFUSED, serviceOf[instance]!, zoneOf[instance]!);
  }

  /** The instance of this service and zone is gone; the visit ends as `cause` says. */
  #answerInPlace(visit: number, cause: number, service: number, zone: number): void {
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

  /** Carries outputs between the paths until none is left. */
  pumpInstance(unit: number): void {
    const { calls, units } = this.#fleet;
    const { outputs } = this.#servicePath.steps;
    for (;;) {
      if (outputs.length > 0) {
        const output = outputs.shift();
        const kind = output & OUTPUT_KINDS;
        if (kind === END_VISIT) this.#endVisit(output - kind, unit);
        else if (kind === BEGIN_CALL) this.#beginCall(output, unit);
        else this.#callPath.drop(output - kind);
        continue;
      }
      const call = this.#callPath.take();
      if (call === NONE) break;
      this.#servicePath.callEnded(calls.int[call + CALL.owner]!, call);
      this.#callPath.free(call);
    }
    if (units.int[unit + UNIT.phase] === PHASE.stopping && units.int[unit + UNIT.inSystem] === 0) this.#onDrained(unit);
  }

  #beginCall(strand: number, unit: number): void {
    const { strands, visits, calls, nodes, units } = this.#fleet;
    const visit = strands.int[strand + STRAND.visit]!;
    const node = strands.int[strand + STRAND.node]!;
    const from = visits.int;
    const high = from[visit + VISIT.keyHigh]!;
    const low = from[visit + VISIT.keyLow]!;
    const site = nodes.int[node + NODE.site]!;
    const policy = units.int[unit + UNIT.firstPolicy]! + nodes.int[node + NODE.call]! * POLICY_WIDTH;
    const call = this.#callPath.allocate(policy);
    const { int } = calls;
    strands.int[strand + STRAND.call] = call;
    int[call + CALL.owner] = strand;
    int[call + CALL.operation] = nodes.int[node + NODE.operation]!;
    int[call + CALL.callHigh] = mixHigh(high, low, site);
    int[call + CALL.callLow] = mixLow(high, low, site);
    int[call + CALL.user] = from[visit + VISIT.user]!;
    int[call + CALL.depth] = from[visit + VISIT.depth]! + 1;
    calls.real[(call >> CALL_REAL_SHIFT) + CALL_REAL.ownDeadlineMs] =
      visits.real[(visit >> VISIT_REAL_SHIFT) + VISIT_REAL.deadlineMs]!;
    this.#callPath.begin(call, units.int[unit + UNIT.boundsCalls]!);
  }

  /** Books a visit that has ended, and answers it. */
  #endVisit(visit: number, unit: number): void {
    const { visits, units, tally, clock } = this.#fleet;
    const { int } = visits;
    const { services } = tally;
    const cause = int[visit + VISIT.cause]!;
    const column = units.int[unit + UNIT.firstColumn]!;
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

  /** What the instance held is lost: its callers' connections are reset, and its own calls end. */
  crash(unit: number): void {
    const { units, visits, calls, policies, tally } = this.#fleet;
    const lost = units.int[unit + UNIT.inSystem]!;
    const service = units.int[unit + UNIT.service]!;
    for (const visit of this.#servicePath.visitsOf(unit)) {
      this.#servicePath.steps.forget(visit);
      visits.int[visit + VISIT.state] = VISIT_STATE.ended;
      this.#answerInPlace(visit, CONNECTION_RESET, service, units.int[unit + UNIT.zone]!);
    }
    const own: number[] = [];
    for (let call = 0; call < calls.used; call += CALL_WIDTH)
      if (
        calls.int[call + CALL.state] !== CALL_STATE.free &&
        policies.int[calls.int[call + CALL.policy]! + POLICY.unit] === unit
      )
        own.push(call);
    own.sort((a, b) => calls.int[a + CALL.order]! - calls.int[b + CALL.order]!);
    for (const call of own) this.#callPath.drop(call);
    this.#callPath.take();
    const column = units.int[unit + UNIT.firstColumn]!;
    tally.services[column + SERVICE.crashes]!++;
    tally.services[column + SERVICE.ended]! += lost;
    tally.services[column + SERVICE.outcome + CONNECTION_RESET]! += lost;
  }
}
