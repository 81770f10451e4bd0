// A team as a capacity: a page waits until a responder is free, then is acknowledged, then diagnosed. So noise
// delays the cure.
//
//   paged ─► waiting ─► acknowledging ─► diagnosing ─► diagnosed (the responder is free again)
import type { TeamPlan } from "../model/release-plan.ts";

export interface PageChange {
  /** What the page is about: `alert: fast-burn`, `failed gate`, `schedule: 1080 s`. */
  readonly cause: string;
  readonly state: "waiting" | "acknowledged" | "diagnosed";
}

type Work =
  | { readonly cause: string; readonly is: "acknowledging"; readonly untilMs: number }
  | { readonly cause: string; readonly is: "diagnosing"; readonly untilMs: number };

export class Responders {
  readonly plan: TeamPlan;
  readonly #waiting: string[] = [];
  /** One entry per busy responder, in the order in which they took their page. */
  #busy: Work[] = [];

  constructor(plan: TeamPlan) {
    this.plan = plan;
  }

  /** Whether a page about this cause is open, from the page to its diagnosis. */
  isPaged(cause: string): boolean {
    return this.#waiting.includes(cause) || this.#busy.some((work) => work.cause === cause);
  }

  /** Pages the team; a second page about a cause that is open says nothing new. */
  page(nowMs: number, cause: string): PageChange[] {
    if (this.isPaged(cause)) return [];
    this.#waiting.push(cause);
    this.#takeUp(nowMs);
    return [{ cause, state: "waiting" }];
  }

  nextWakeup(): number {
    return this.#busy.reduce((earliest, work) => Math.min(earliest, work.untilMs), Infinity);
  }

  /** Brings every page up to `nowMs`. */
  wake(nowMs: number): PageChange[] {
    const changes: PageChange[] = [];
    for (let due = this.#nextDue(nowMs); due !== null; due = this.#nextDue(nowMs)) {
      const { cause, untilMs } = due;
      if (due.is === "acknowledging") {
        changes.push({ cause, state: "acknowledged" });
        const diagnosing: Work = { cause, is: "diagnosing", untilMs: untilMs + this.plan.diagnoseMs };
        this.#busy = this.#busy.map((work) => (work === due ? diagnosing : work));
      } else {
        changes.push({ cause, state: "diagnosed" });
        this.#busy = this.#busy.filter((work) => work !== due);
        this.#takeUp(untilMs);
      }
    }
    return changes;
  }

  /** The earliest work that is over; of several, the one that was taken up first. */
  #nextDue(nowMs: number): Work | null {
    let earliest: Work | null = null;
    for (const work of this.#busy) {
      if (work.untilMs <= nowMs && (earliest === null || work.untilMs < earliest.untilMs)) earliest = work;
    }
    return earliest;
  }

  /** Gives waiting pages to free responders, first come first served. */
  #takeUp(nowMs: number): void {
    while (this.#waiting.length > 0 && this.#busy.length < this.plan.responders) {
      const cause = this.#waiting.shift()!;
      this.#busy.push({ cause, is: "acknowledging", untilMs: nowMs + this.plan.acknowledgeMs });
    }
  }
}
