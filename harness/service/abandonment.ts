// What an instance does about requests whose caller gave up (`onDeadline`), and whom it blames: itself, or the service
// that it was calling. The verdict follows this blame down to the service at the bottom (docs/verdict.md, "Origins").
import type { OnDeadline } from "../model/service-plan.ts";
import type { Meters } from "./meters.ts";
import type { Program } from "./program.ts";
import { CALLING, JOINING, type Strands } from "./strands.ts";
import { RUNNING, type Visits } from "./visits.ts";

/** The instance itself: its queue, its workers, its work. Other blame is an index of the variant's calls. */
export const OWN = -1;

export class Abandonment {
  /** Work that has not begun is skipped (drop, cancel). */
  readonly skipsExpired: boolean;
  /** Work that has begun is stopped too (cancel). */
  readonly stopsRunning: boolean;
  readonly #visits: Visits;
  readonly #strands: Strands;
  readonly #program: Program;
  readonly #meters: Meters;

  constructor(onDeadline: OnDeadline, visits: Visits, strands: Strands, program: Program, meters: Meters) {
    this.skipsExpired = onDeadline !== "ignore";
    this.stopsRunning = onDeadline === "cancel";
    this.#visits = visits;
    this.#strands = strands;
    this.#program = program;
    this.#meters = meters;
  }

  /** Nobody waits for this visit any more, and this instance cares. */
  isExpired(nowMs: number, visit: number): boolean {
    if (!this.skipsExpired) return false;
    return this.#visits.isAbandoned[visit] === 1 || nowMs >= this.#visits.deadlineMs[visit]!;
  }

  /** Books that the caller of a visit gave up; only the first time counts. */
  gaveUp(visit: number, blame: number): void {
    if (this.#visits.isAbandoned[visit] === 1) return;
    this.#visits.isAbandoned[visit] = 1;
    this.#meters.gaveUp(blame);
  }

  /** A visit ends at or after the moment when its caller stopped waiting, though the message that says so is still on its way. */
  endsLate(nowMs: number, visit: number, blame: number): void {
    if (nowMs >= this.#visits.deadlineMs[visit]!) this.gaveUp(visit, blame);
  }

  /** What a visit is waiting for while it does nothing itself: index of the variant's call, or OWN. */
  blameOf(visit: number): number {
    const { state, next, node } = this.#strands;
    if (this.#visits.state[visit] !== RUNNING || this.#visits.calls[visit] === 0) return OWN;
    let call = OWN;
    for (let strand = this.#visits.firstStrand[visit]!; strand >= 0; strand = next[strand]!) {
      if (state[strand] === CALLING) call = this.#program.call[node[strand]!]!;
      else if (state[strand] !== JOINING) return OWN;
    }
    return call;
  }
}
