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
  /** Times in system of the requests that left since `takeSojournMs`, each counted from there at the earliest. */
  #sojournMs = 0;
  /** How long after `takeSojournMs` the requests in the system arrived, summed over those that arrived since. */
  #lateMs = 0;
  #takenMs: number;
  #lastMs: number;

  constructor(calls: number, startMs: number) {
    this.abandonedWaiting = new Float64Array(calls);
    this.#lastMs = startMs;
    this.#takenMs = startMs;
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
    this.#lateMs += nowMs - this.#takenMs;
  }

  /** A request that arrived at `startMs` ended. */
  left(nowMs: number, startMs: number): void {
    this.inSystem--;
    const lateMs = Math.max(0, startMs - this.#takenMs);
    this.#lateMs -= lateMs;
    this.#sojournMs += nowMs - this.#takenMs - lateMs;
  }

  /** A caller gave up on a request; `blame` is the call it was waiting for, or −1 for the instance itself. */
  gaveUp(blame: number): void {
    this.abandoned++;
    if (blame < 0) this.abandonedOwn++;
    else this.abandonedWaiting[blame]!++;
  }

  /** Times in system since the last call, each clipped to the interval: summed from each request's own arrival. */
  takeSojournMs(nowMs: number): number {
    const sojournMs = this.#sojournMs + this.inSystem * (nowMs - this.#takenMs) - this.#lateMs;
    this.#sojournMs = 0;
    this.#lateMs = 0;
    this.#takenMs = nowMs;
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
