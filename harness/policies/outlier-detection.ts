// Takes endpoints out of the rotation that fail while others do not, for a time that grows with each relapse.
// Source: Envoy `DetectorImpl` (source/common/upstream/outlier_detection_impl.cc), whose names, order and comparisons
// are followed; that one endpoint may always be ejected is gRPC's (proposal A50), by Envoy's own option for it.
//
//   each result ──► so many failures in a row ──┐
//                                               ├──► room under the ejection ratio? ──► ejected: base × relapses
//   each interval ► success rate, failure rate ─┘                                         │
//        └──► ejected long enough? ──► back; not ejected: one relapse is forgotten  ◄─────┘
import { grow } from "../core/grow.ts";
import type { OutlierDetectionPlan } from "../model/call-plan.ts";
import { CONNECTION_RESET, ERROR, OK, OVERLOAD, RATE_LIMIT, REFUSED, SHED, TIMEOUT, WRONG } from "../model/outcome.ts";

/** What a proxy sees as 502, 503 and 504. A timeout is one: Envoy counts what it cannot tell from the host's own errors. */
const GATEWAY = (1 << OVERLOAD) | (1 << SHED) | (1 << TIMEOUT) | (1 << CONNECTION_RESET) | (1 << REFUSED);
const FAILURE = GATEWAY | (1 << ERROR);
/** A refusal for its rate is a 429, and a false answer looks like any other. */
const SUCCESS = (1 << OK) | (1 << WRONG) | (1 << RATE_LIMIT);

/** Whether an attempt that ended by this cause counts against its endpoint, or for it; some say nothing. */
export function isHostFailure(cause: number): boolean {
  return ((FAILURE >>> cause) & 1) === 1;
}

export function isHostSuccess(cause: number): boolean {
  return ((SUCCESS >>> cause) & 1) === 1;
}

export class OutlierDetection {
  readonly #plan: OutlierDetectionPlan;
  /** The slots of the route. All arrays below are by slot. */
  #hosts: readonly number[] = [];
  #failuresInRow = new Int32Array(0);
  #gatewayFailuresInRow = new Int32Array(0);
  /** Of the current interval. */
  #results = new Int32Array(0);
  #successes = new Int32Array(0);
  #isEjected = new Uint8Array(0);
  #relapses = new Int32Array(0);
  #ejectedAtMs = new Float64Array(0);
  #intervalEndsMs = NaN;
  #ejections = 0;
  /** Endpoints that are ejected now. */
  ejected = 0;

  constructor(plan: OutlierDetectionPlan) {
    this.#plan = plan;
  }

  get hosts(): number {
    return this.#hosts.length;
  }

  /** Ejections since this was last asked. */
  takeEjections(): number {
    const ejections = this.#ejections;
    this.#ejections = 0;
    return ejections;
  }

  isEjected(slot: number): boolean {
    return this.#isEjected[slot] === 1;
  }

  /** The endpoints of a new route; what is known of those that are new to it (`newcomers`), or gone, is forgotten. */
  joined(slots: readonly number[], newcomers: readonly number[]): void {
    const highest = Math.max(-1, ...slots);
    if (highest >= this.#isEjected.length) this.#growTo(highest + 1);
    const stay = new Set(slots);
    for (const slot of this.#hosts) if (!stay.has(slot)) this.#forget(slot);
    for (const slot of newcomers) this.#forget(slot);
    this.#hosts = slots;
    this.ejected = slots.reduce((sum, slot) => sum + this.#isEjected[slot]!, 0);
  }

  /** An attempt at this slot's endpoint ended by `cause`. True where who is ejected has changed. */
  settled(nowMs: number, slot: number, cause: number): boolean {
    const hasChanged = this.advance(nowMs);
    const bit = 1 << cause;
    if ((SUCCESS & bit) !== 0) {
      this.#results[slot]!++;
      this.#successes[slot]!++;
      this.#failuresInRow[slot] = 0;
      this.#gatewayFailuresInRow[slot] = 0;
      return hasChanged;
    }
    if ((FAILURE & bit) === 0) return hasChanged;
    this.#results[slot]!++;
    const { consecutive5xx, consecutiveGatewayFailure } = this.#plan;
    let isOutlier = false;
    if ((GATEWAY & bit) === 0) this.#gatewayFailuresInRow[slot] = 0;
    else if (++this.#gatewayFailuresInRow[slot]! === consecutiveGatewayFailure) {
      this.#gatewayFailuresInRow[slot] = 0;
      isOutlier = true;
    }
    if (++this.#failuresInRow[slot]! === consecutive5xx) {
      this.#failuresInRow[slot] = 0;
      isOutlier = true;
    }
    return (isOutlier && this.#eject(nowMs, slot)) || hasChanged;
  }

  /** Closes the intervals that are over by now. True where who is ejected has changed. The first begins when first asked. */
  advance(nowMs: number): boolean {
    if (Number.isNaN(this.#intervalEndsMs)) this.#intervalEndsMs = nowMs + this.#plan.intervalMs;
    let hasChanged = false;
    while (this.#intervalEndsMs <= nowMs) {
      const endsMs = this.#intervalEndsMs;
      for (const slot of this.#hosts) hasChanged = this.#review(endsMs, slot) || hasChanged;
      hasChanged = this.#compareRates(endsMs) || hasChanged;
      for (const slot of this.#hosts) this.#results[slot] = this.#successes[slot] = 0;
      this.#intervalEndsMs = endsMs + this.#plan.intervalMs;
    }
    return hasChanged;
  }

  /** One that has been away long enough comes back; one that is there forgets a relapse. */
  #review(nowMs: number, slot: number): boolean {
    if (this.#isEjected[slot] === 0) {
      if (this.#relapses[slot]! > 0) this.#relapses[slot]!--;
      return false;
    }
    const { baseEjectionTimeMs, maxEjectionTimeMs } = this.#plan;
    const awayMs = Math.min(baseEjectionTimeMs * this.#relapses[slot]!, maxEjectionTimeMs);
    if (nowMs - this.#ejectedAtMs[slot]! < awayMs) return false;
    this.#isEjected[slot] = 0;
    this.#failuresInRow[slot] = 0;
    this.#gatewayFailuresInRow[slot] = 0;
    this.ejected--;
    return true;
  }

  #compareRates(nowMs: number): boolean {
    const { successRate, failurePercentage } = this.#plan;
    let hasChanged = false;
    if (successRate !== null && this.#hosts.length >= successRate.minimumHosts) {
      const judged = this.#judged(successRate.requestVolume);
      if (judged.length >= successRate.minimumHosts) {
        const rates = judged.map((slot) => this.#rateOf(slot));
        const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
        const variance = rates.reduce((sum, rate) => sum + (rate - mean) * (rate - mean), 0) / rates.length;
        const least = mean - successRate.stdevFactor * Math.sqrt(variance);
        for (const [at, slot] of judged.entries())
          if (rates[at]! < least) hasChanged = this.#eject(nowMs, slot) || hasChanged;
      }
    }
    if (failurePercentage !== null) {
      const judged = this.#judged(failurePercentage.requestVolume);
      if (judged.length < failurePercentage.minimumHosts) return hasChanged;
      for (const slot of judged)
        if (1 - this.#rateOf(slot) >= failurePercentage.threshold) hasChanged = this.#eject(nowMs, slot) || hasChanged;
    }
    return hasChanged;
  }

  #judged(requestVolume: number): readonly number[] {
    return this.#hosts.filter((slot) => this.#isEjected[slot] === 0 && this.#results[slot]! >= requestVolume);
  }

  #rateOf(slot: number): number {
    return this.#successes[slot]! / this.#results[slot]!;
  }

  /** False where too many are ejected already, or this one is. */
  #eject(nowMs: number, slot: number): boolean {
    if (this.#isEjected[slot] === 1 || !this.#hosts.includes(slot)) return false;
    const { maxEjectionRatio, alwaysEjectOne, baseEjectionTimeMs, maxEjectionTimeMs } = this.#plan;
    const isFirst = alwaysEjectOne && this.ejected === 0;
    if (!isFirst && this.ejected + 1 > maxEjectionRatio * this.#hosts.length) return false;
    this.#isEjected[slot] = 1;
    this.#ejectedAtMs[slot] = nowMs;
    // Envoy stops counting where more would only make it stay ejected for longer after it has recovered.
    if (this.#relapses[slot]! <= Math.floor(maxEjectionTimeMs / baseEjectionTimeMs)) this.#relapses[slot]!++;
    this.ejected++;
    this.#ejections++;
    return true;
  }

  #forget(slot: number): void {
    this.#failuresInRow[slot] = 0;
    this.#gatewayFailuresInRow[slot] = 0;
    this.#results[slot] = 0;
    this.#successes[slot] = 0;
    this.#isEjected[slot] = 0;
    this.#relapses[slot] = 0;
  }

  #growTo(capacity: number): void {
    this.#failuresInRow = grow(this.#failuresInRow, capacity);
    this.#gatewayFailuresInRow = grow(this.#gatewayFailuresInRow, capacity);
    this.#results = grow(this.#results, capacity);
    this.#successes = grow(this.#successes, capacity);
    this.#isEjected = grow(this.#isEjected, capacity);
    this.#relapses = grow(this.#relapses, capacity);
    this.#ejectedAtMs = grow(this.#ejectedAtMs, capacity);
  }
}
