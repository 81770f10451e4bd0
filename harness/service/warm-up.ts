// The warm-up of an instance that has just started: until it has served for so long, its work takes a factor longer,
// as code does that is not compiled yet. What slow start of endpoints (policies/slow-start.ts) is there to spare.
import type { WarmUpPlan } from "../model/service-plan.ts";
import type { Cpu } from "./cpu.ts";

export class WarmUp {
  readonly #plan: WarmUpPlan;
  readonly #cpu: Cpu;
  #state: "cold" | "warming" | "warm" = "cold";
  #endMs = Infinity;
  #warmingMs = 0;
  #observedMs = 0;

  /** Cold from `startMs` on: so are its start-up work and what its first probes ask of it. */
  constructor(plan: WarmUpPlan, cpu: Cpu, startMs: number) {
    this.#plan = plan;
    this.#cpu = cpu;
    cpu.setPace(startMs, 1 / plan.slowdown);
  }

  /** When it is warm; Infinity = it is already, or does not serve yet. */
  get endMs(): number {
    return this.#endMs;
  }

  /** It is ready: the first time counts. */
  serve(nowMs: number): void {
    if (this.#state !== "cold") return;
    this.#state = "warming";
    this.#observedMs = nowMs;
    this.#endMs = nowMs + this.#plan.forMs;
  }

  /** It is as fast as ever from now on. */
  end(nowMs: number): void {
    this.#observe(nowMs);
    this.#state = "warm";
    this.#endMs = Infinity;
    this.#cpu.setPace(nowMs, 1);
  }

  /** Milliseconds that it has been warming up since this was last asked. */
  takeWarmingMs(nowMs: number): number {
    this.#observe(nowMs);
    const warmingMs = this.#warmingMs;
    this.#warmingMs = 0;
    return warmingMs;
  }

  #observe(nowMs: number): void {
    if (this.#state === "warming") this.#warmingMs += nowMs - this.#observedMs;
    this.#observedMs = nowMs;
  }
}
