// What an instance counts about itself, read and reset once per bucket by its owner.

/** Plain counters and integrals (instance-milliseconds) since the last `reset`; signals/columns.ts says what each means. */
export class Meters {
  arrived = 0;
  abandoned = 0;
  abandonedOwn = 0;
  wasted = 0;
  /** By index of the variant's calls: own requests given up while waiting for that callee. */
  readonly abandonedWaiting: Float64Array;
  /** Present numbers, whose integrals are kept. */
  inSystem = 0;
  queued = 0;
  busy = 0;
  /** [inSystem, queued, busy, cpu] integrals. */
  readonly integralsMs = new Float64Array(4);
  #sojournMs = 0;
  /** Sum of the arrival times of the requests in the system, and their open time at the last `takeSojournMs`. */
  #startSumMs = 0;
  #openMs = 0;
  #lastMs: number;

  constructor(calls: number, startMs: number) {
    this.abandonedWaiting = new Float64Array(calls);
    this.#lastMs = startMs;
  }

  /** Brings the integrals up to now; called before any of the present numbers changes. */
  advance(nowMs: number, coresInUse: number): void {
    const passedMs = nowMs - this.#lastMs;
    if (passedMs <= 0) return;
    const integrals = this.integralsMs;
    integrals[0]! += this.inSystem * passedMs;
    integrals[1]! += this.queued * passedMs;
    integrals[2]! += this.busy * passedMs;
    integrals[3]! += coresInUse * passedMs;
    this.#lastMs = nowMs;
  }

  /** A request arrived, whatever becomes of it. */
  entered(nowMs: number): void {
    this.arrived++;
    this.inSystem++;
    this.#startSumMs += nowMs;
  }

  /** A request that arrived at `startMs` ended. */
  left(nowMs: number, startMs: number): void {
    this.inSystem--;
    this.#startSumMs -= startMs;
    this.#sojournMs += nowMs - startMs;
  }

  /** A caller gave up on a request; `blame` is the call it was waiting for, or −1 for the instance itself. */
  gaveUp(blame: number): void {
    this.abandoned++;
    if (blame < 0) this.abandonedOwn++;
    else this.abandonedWaiting[blame]!++;
  }

  /** Times in system since the last call, each clipped to the interval: summed from each request's own arrival. */
  takeSojournMs(nowMs: number): number {
    if (this.inSystem === 0) this.#startSumMs = 0;
    const openMs = this.inSystem * nowMs - this.#startSumMs;
    const sojournMs = this.#sojournMs + openMs - this.#openMs;
    this.#openMs = openMs;
    this.#sojournMs = 0;
    return sojournMs;
  }

  /** Resets counters and integrals (the present numbers stay). */
  reset(): void {
    this.arrived = 0;
    this.abandoned = 0;
    this.abandonedOwn = 0;
    this.wasted = 0;
    this.abandonedWaiting.fill(0);
    this.integralsMs.fill(0);
  }
}
