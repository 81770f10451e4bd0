// The starts of a run that took the machine longer than the plan says, told once at its end. A real process needs its time
// however short the start-up is: many at once, or a start-up that is compressed to less than that, and the fleet is back later.
import type { LifePlan } from "../model/life-plan.ts";
import type { Plan } from "../model/plan.ts";
import type { RunEvent } from "../recording/event.ts";

/** So much later is worth a word. */
const LATE_MS = 250;

export class LateStarts {
  /** By service and version: its start-up time, of those that are ready when it is over and the process is there. */
  readonly #startupMs = new Map<string, number>();
  /** By instance: when it should be ready. */
  readonly #dueMs = new Map<string, number>();
  #count = 0;
  #longestMs = 0;
  #latest = "";

  constructor({ services, timeline }: Plan) {
    // A fault may be what makes them late.
    if (timeline.some((event) => event.do === "fault" && event.fault.kind === "slowStart")) return;
    for (const { name, variants } of services)
      for (const { version, startupMs, life } of variants)
        if (startupMs.kind === "constant" && isReadyAtOnce(life))
          this.#startupMs.set(`${name}@${version}`, startupMs.ms);
  }

  saw(event: RunEvent): void {
    if (event.kind !== "instance") return;
    const { atMs, instance, service, version, state } = event;
    if (state === "starting") {
      const startupMs = this.#startupMs.get(`${service}@${version}`);
      if (startupMs !== undefined) this.#dueMs.set(instance, atMs + startupMs);
    } else if (state === "ready") {
      const lateMs = atMs - (this.#dueMs.get(instance) ?? Infinity);
      this.#dueMs.delete(instance);
      if (lateMs <= LATE_MS) return;
      this.#count++;
      if (lateMs <= this.#longestMs) return;
      this.#longestMs = lateMs;
      this.#latest = instance;
    }
  }

  /** null where there was none. */
  text(): string | null {
    if (this.#count === 0) return null;
    const often = this.#count === 1 ? "a start" : `${this.#count} starts`;
    return `${often} took longer than the plan's start-up time, ${Math.round(this.#longestMs)} ms at the most (${this.#latest})`;
  }
}

/** Neither start-up work nor a probe stands between the end of the start-up time and being ready. */
function isReadyAtOnce(life: LifePlan | undefined): boolean {
  if (life === undefined) return true;
  const { startup, readiness } = life.probes;
  return startup === null && readiness === null && life.startupWork === null;
}
