// What the users of one load do: actor/load-actor.ts over flat records. Hot code.
import { hashText, mixHigh, mixLow } from "../../core/key.ts";
import { Arrivals } from "../../load/arrivals.ts";
import { JourneyMix } from "../../load/journey-mix.ts";
import { Users } from "../../load/users.ts";
import { ERROR, OK, SLOW, WRONG } from "../../model/outcome.ts";
import { JOURNEY, JOURNEY_WIDTH } from "../../signals/columns.ts";
import type { CallPath } from "./call-path.ts";
import { CALL, CALL_REAL, CALL_REAL_SHIFT, POLICY_WIDTH, UNIT } from "./fields.ts";
import type { Fleet } from "./fleet.ts";

export class LoadPath {
  readonly arrivals: Arrivals;
  readonly #fleet: Fleet;
  readonly #callPath: CallPath;
  readonly #unit: number;
  readonly #rows: readonly number[];
  readonly #callOfJourney: readonly number[];
  readonly #mix: JourneyMix;
  readonly #users: Users;
  readonly #name: number;
  #isMeasuring = false;

  /** `load`: its index in the plan; `unit`: its handle. */
  constructor(fleet: Fleet, callPath: CallPath, load: number, unit: number) {
    const { plan, tally } = fleet;
    const own = plan.loads[load]!;
    this.#fleet = fleet;
    this.#callPath = callPath;
    this.#unit = unit;
    this.#rows = tally.layout.journeyRow[load]!;
    this.#callOfJourney = own.callOfJourney;
    this.#name = hashText(own.name);
    this.arrivals = new Arrivals(own, plan.seed);
    this.#mix = new JourneyMix(own.mix);
    this.#users = new Users(own, plan.seed);
  }

  /** The next request sets out. */
  arrive(): void {
    const { plan, tally, calls, units } = this.#fleet;
    const { index } = this.arrivals;
    const intendedMs = this.arrivals.nextMs();
    this.arrivals.advance();
    const high = mixHigh(plan.seed, this.#name, index);
    const low = mixLow(plan.seed, this.#name, index);
    const journey = this.#mix.choose(high, low);
    const user = this.#users.of(index);
    const row = this.#rows[journey]! * JOURNEY_WIDTH;
    if (!this.#isMeasuring && intendedMs >= plan.warmUpMs) {
      this.#isMeasuring = true;
      this.#users.forget();
    }
    if (this.#users.firstSeen(user)) tally.journeys[row + JOURNEY.newUsers]!++;
    tally.journeys[row + JOURNEY.sent]!++;
    const policy = units.int[this.#unit + UNIT.firstPolicy]! + this.#callOfJourney[journey]! * POLICY_WIDTH;
    const call = this.#callPath.allocate(policy);
    const int = calls.int;
    int[call + CALL.owner] = journey;
    int[call + CALL.operation] = plan.journeys[journey]!.operation;
    int[call + CALL.callHigh] = high;
    int[call + CALL.callLow] = low;
    int[call + CALL.user] = user;
    int[call + CALL.depth] = 0;
    calls.real[(call >> CALL_REAL_SHIFT) + CALL_REAL.ownDeadlineMs] = Infinity;
    calls.real[(call >> CALL_REAL_SHIFT) + CALL_REAL.intendedMs] = intendedMs;
    this.#callPath.begin(call, 0);
  }

  /** A request has ended as its call says. */
  ended(call: number): void {
    const { plan, tally, calls, clock } = this.#fleet;
    const int = calls.int;
    const journey = int[call + CALL.owner]!;
    const index = this.#rows[journey]!;
    const row = index * JOURNEY_WIDTH;
    const { journeys } = tally;
    const latencyMs = clock[0]! - calls.real[(call >> CALL_REAL_SHIFT) + CALL_REAL.intendedMs]!;
    let cause = int[call + CALL.cause]!;
    let originService = int[call + CALL.originService]!;
    let originCause = int[call + CALL.originCause]!;
    const { withinMs } = plan.journeys[journey]!.objective;
    if (cause === OK && withinMs !== null && latencyMs > withinMs) {
      cause = SLOW;
      originService = int[call + CALL.slowService]!;
      originCause = SLOW;
    }
    journeys[row + JOURNEY.ended]!++;
    journeys[row + JOURNEY.outcome + cause]!++;
    if (cause === OK && int[call + CALL.isDegraded] === 1) journeys[row + JOURNEY.degraded]!++;
    if (cause === OK || cause === SLOW || cause === ERROR || cause === WRONG) {
      journeys[row + JOURNEY.latencyMs]! += latencyMs;
      tally.journeyLatency.record(index, latencyMs);
    }
    if (cause !== OK) tally.bad(index, int[call + CALL.user]!, originService, originCause);
  }
}
