// What an instance does about requests whose caller gave up (`onDeadline`), and whom it blames: itself, or the service
// that it was calling. The verdict follows this blame down to the service at the bottom (docs/verdict.md, "Origins").
import type { OnDeadline } from "../model/service-plan.ts";
import type { CachePath } from "./cache-path.ts";
import type { Meters } from "./meters.ts";
import type { Program } from "./program.ts";
import { CALLING, JOINING, type Strands } from "./strands.ts";
import type { Visits } from "./visits.ts";

/** The instance itself: its queue, its workers, its work. Other blame is an index of the variant's calls. */
const OWN = -1;

export class Abandonment {
  /** Work that has begun is stopped when the caller gives up (cancel). */
  readonly stopsRunning: boolean;
  readonly #skipsUnbegun: boolean;
  readonly #visits: Visits;
  readonly #strands: Strands;
  readonly #program: Program;
  readonly #meters: Meters;
  readonly #cache: CachePath | null;

  constructor(
    onDeadline: OnDeadline,
    visits: Visits,
    strands: Strands,
    program: Program,
    meters: Meters,
    cache: CachePath | null = null,
  ) {
    this.stopsRunning = onDeadline === "cancel";
    this.#skipsUnbegun = onDeadline !== "ignore";
    this.#visits = visits;
    this.#strands = strands;
    this.#program = program;
    this.#meters = meters;
    this.#cache = cache;
  }

  /** Whether a visit that has not begun is to be skipped (drop, cancel): nobody waits for it any more. */
  skips(visit: number): boolean {
    return this.#skipsUnbegun && this.#visits.isAbandoned[visit] === 1;
  }

  /**
   * Told before anything happens to a visit: if its deadline has passed, its caller stopped waiting, though the message
   * that says so is still on its way. What the visit has been doing until now is what it was doing then.
   */
  notice(nowMs: number, visit: number): void {
    if (nowMs >= this.#visits.deadlineMs[visit]!) this.gaveUp(visit);
  }

  /** Books that the caller of a visit gave up; only the first time counts. */
  gaveUp(visit: number): void {
    if (this.#visits.isAbandoned[visit] === 1) return;
    this.#visits.isAbandoned[visit] = 1;
    this.#meters.gaveUp(this.#blameOf(visit));
  }

  /** What a visit is waiting for while it does nothing itself: index of the variant's call, or OWN. */
  #blameOf(visit: number): number {
    const { state, next, node } = this.#strands;
    let call = OWN;
    const worked = this.#cache === null ? visit : this.#cache.workedOnBy(visit);
    for (let strand = this.#visits.firstStrand[worked]!; strand >= 0; strand = next[strand]!) {
      if (state[strand] === CALLING) call = this.#program.call[node[strand]!]!;
      else if (state[strand] !== JOINING) return OWN;
    }
    return call;
  }
}
