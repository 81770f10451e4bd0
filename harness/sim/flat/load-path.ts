// What the users of one load do: actor/load-actor.ts over flat records. Hot code.
import { hashText, mixHigh, mixLow } from "../../core/key.ts";
import { Arrivals } from "../../load/arrivals.ts";
import { JourneyMix } from "../../load/journey-mix.ts";
import { Users } from "../../load/users.ts";
import { ERROR, OK, SLOW, WRONG } from "../../model/outcome.ts";
import { JOURNEY, JOURNEY_WIDTH } from "../../signals/columns.ts";
import { beginCall, newCall } from "./calls.ts";
import * as CALL from "./fields/call.ts";
import * as CALL_REAL from "./fields/call-real.ts";
import * as FLAG from "./fields/flag.ts";
import * as UNIT from "./fields/unit.ts";
import * as VISIT from "./fields/visit.ts";
import { POLICY_WIDTH, REAL_SHIFT } from "./fields/widths.ts";
import { RUN } from "./fleet.ts";
import { latencyRows, recordLatency } from "./latency.ts";
import { CLOCK, INT, JOURNEYS, NOW, REAL, UNITS } from "./memory.ts";

/** Of the present run. */
export const LOADS: LoadPath[] = [];

export class LoadPath {
  readonly arrivals: Arrivals;
  readonly #unit: number;
  readonly #rows: readonly number[];
  readonly #firstLatencyRow: number;
  readonly #callOfJourney: readonly number[];
  readonly #mix: JourneyMix;
  readonly #users: Users;
  readonly #name: number;
  readonly #seed: number;
  readonly #operations: readonly number[];
  /** By journey: the latest that a good answer may come, ms. */
  readonly #withinMs: readonly number[];
  /** Kept apart from the plan, whose shape differs from run to run, and so for V8 whatever reads it. */
  readonly #warmUpMs: number;
  #isMeasuring = false;

  /** `load`: its index in the plan; `unit`: its handle. */
  constructor(load: number, unit: number) {
    const { plan, tally } = RUN;
    const own = plan.loads[load]!;
    this.#unit = unit;
    this.#rows = tally.layout.journeyRow[load]!;
    this.#firstLatencyRow = latencyRows(tally.layout).journeys;
    this.#callOfJourney = own.callOfJourney;
    this.#name = hashText(own.name);
    this.#seed = plan.seed;
    this.#operations = plan.journeys.map(({ operation }) => operation);
    this.#withinMs = plan.journeys.map(({ objective }) => objective.withinMs ?? Infinity);
    this.#warmUpMs = plan.warmUpMs;
    this.arrivals = new Arrivals(own, plan.seed);
    this.#mix = new JourneyMix(own.mix);
    this.#users = new Users(own, plan.seed);
  }

  /** The next request sets out. */
  arrive(): void {
    const { index } = this.arrivals;
    const intendedMs = this.arrivals.nextMs();
    this.arrivals.advance();
    const high = mixHigh(this.#seed, this.#name, index);
    const low = mixLow(this.#seed, this.#name, index);
    const journey = this.#mix.choose(high, low);
    const user = this.#users.of(index);
    const row = this.#rows[journey]! * JOURNEY_WIDTH;
    if (!this.#isMeasuring && intendedMs >= this.#warmUpMs) {
      this.#isMeasuring = true;
      this.#users.forget();
    }
    if (this.#users.firstSeen(user)) JOURNEYS[row + JOURNEY.newUsers]!++;
    JOURNEYS[row + JOURNEY.sent]!++;
    const call = newCall(UNITS[this.#unit + UNIT.firstPolicy]! + this.#callOfJourney[journey]! * POLICY_WIDTH);
    INT[call + CALL.owner] = journey;
    INT[call + VISIT.operation] = this.#operations[journey]!;
    INT[call + CALL.callHigh] = high;
    INT[call + CALL.callLow] = low;
    INT[call + VISIT.user] = user;
    INT[call + VISIT.depth] = 0;
    REAL[(call >> REAL_SHIFT) + CALL_REAL.ownDeadlineMs] = Infinity;
    REAL[(call >> REAL_SHIFT) + CALL_REAL.intendedMs] = intendedMs;
    beginCall(call, 0);
  }

  /** A request has ended as its call says. */
  ended(call: number): void {
    const journey = INT[call + CALL.owner]!;
    const index = this.#rows[journey]!;
    const row = index * JOURNEY_WIDTH;
    const start = (call >> REAL_SHIFT) + CALL_REAL.intendedMs;
    const latencyMs = CLOCK[NOW]! - REAL[start]!;
    let cause = INT[call + VISIT.cause]!;
    let originService = INT[call + VISIT.originService]!;
    let originCause = INT[call + VISIT.originCause]!;
    if (cause === OK && latencyMs > this.#withinMs[journey]!) {
      cause = SLOW;
      originService = INT[call + VISIT.slowService]!;
      originCause = SLOW;
    }
    JOURNEYS[row + JOURNEY.ended]!++;
    JOURNEYS[row + JOURNEY.outcome + cause]!++;
    if (cause === OK && (INT[call + VISIT.flags]! & FLAG.isDegraded) !== 0) JOURNEYS[row + JOURNEY.degraded]!++;
    if (cause === OK || cause === SLOW || cause === ERROR || cause === WRONG) {
      JOURNEYS[row + JOURNEY.latencyMs]! += latencyMs;
      recordLatency(this.#firstLatencyRow + index, start);
    }
    if (cause !== OK) RUN.tally.bad(index, INT[call + VISIT.user]!, originService, originCause);
  }
}
