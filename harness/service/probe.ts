// One probe of one life of an instance, as the kubelet has it: when the next one is sent, and what a row of results
// comes to. Source: Kubernetes pkg/kubelet/prober/worker.go (a ticker from the start on, one tick kept while a probe is
// under way; results count only once they have come so many times in a row).
import type { ProbePlan } from "../model/life-plan.ts";

export class Probe {
  readonly plan: ProbePlan;
  readonly #startMs: number;
  #nextMs: number;
  #sentMs = 0;
  #last: boolean | null = null;
  #run = 0;

  /** Ticks at `startMs` and every period from there. */
  constructor(plan: ProbePlan, startMs: number) {
    this.plan = plan;
    this.#startMs = startMs;
    const skipped = Math.ceil(plan.initialDelayMs / plan.periodMs);
    this.#nextMs = startMs + skipped * plan.periodMs;
  }

  /** When the next probe is to be sent; Infinity = never again. */
  get nextMs(): number {
    return this.#nextMs;
  }

  /** It is sent now, be it that its tick has come or that it is wanted at once. */
  sent(nowMs: number): void {
    this.#sentMs = nowMs;
  }

  /** The tick passes unused. */
  skip(nowMs: number): void {
    this.#nextMs = this.#tickAfter(nowMs);
  }

  /** The result of the one that was sent; returns what is now known of the instance, or null where it is not enough to know. */
  ended(nowMs: number, isOk: boolean): boolean | null {
    const { failureThreshold, successThreshold } = this.plan;
    this.#nextMs = Math.max(nowMs, this.#tickAfter(this.#sentMs));
    this.#run = this.#last === isOk ? this.#run + 1 : 1;
    this.#last = isOk;
    return this.#run < (isOk ? successThreshold : failureThreshold) ? null : isOk;
  }

  #tickAfter(nowMs: number): number {
    const { periodMs } = this.plan;
    // 1e-9 absorbs the round-off of compressed periods, so that a tick does not come twice.
    return this.#startMs + (Math.floor((nowMs - this.#startMs) / periodMs + 1e-9) + 1) * periodMs;
  }
}
