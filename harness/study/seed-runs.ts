// The runs of one seed: gathered as they end, judged together, and then let go.
import type { Outcome, Study } from "../model/plan.ts";
import type { Result } from "../verdict/result.ts";
import type { ObservedVariant } from "../verdict/study-result.ts";
import { observedResult } from "../verdict/study-result.ts";
import type { ObservedRun } from "../verdict/observer.ts";
import type { Schedule } from "./schedule.ts";

export class SeedRuns {
  readonly schedule: Schedule;
  readonly #study: Study;
  /** By run of the schedule; null where it has not ended. */
  #observed: (ObservedRun | null)[];
  #result: Result | null = null;

  constructor(study: Study, schedule: Schedule) {
    this.#study = study;
    this.schedule = schedule;
    this.#observed = schedule.runs.map(() => null);
  }

  add(run: number, observed: ObservedRun): void {
    this.#observed[run] = observed;
  }

  /** Every run came to its own end. */
  get isWhole(): boolean {
    return this.#observed.every(isWhole);
  }

  get result(): Result | null {
    return this.#result;
  }

  /**
   * Judges what there is, and answers with the outcomes by run. A variant whose control did not come to its end is
   * not judged: what it would be compared with is missing. `wholeOnly` leaves out runs that were interrupted.
   */
  judge(wholeOnly: boolean): Map<number, Outcome> {
    const judged = this.schedule.variants.flatMap(({ variant: { expectation }, run, control }) => {
      const observed = this.#observed[run] ?? null;
      const compared = control === null ? null : (this.#observed[control] ?? null);
      if (observed === null || (wholeOnly && !isWhole(observed))) return [];
      if (control !== null && !isWhole(compared)) return [];
      const variant: ObservedVariant = { ...observed, control: compared?.run ?? null, expectation };
      return [{ run, variant }];
    });
    this.#result = observedResult(
      this.#study.scenario,
      judged.map(({ variant }) => variant),
    );
    const outcomes = new Map<number, Outcome>();
    // A measurement has no variants, and its run no outcome to tell.
    this.#result?.variants.forEach(({ outcome }, index) => outcomes.set(judged[index]!.run, outcome));
    return outcomes;
  }

  /** What was observed is many times larger than what was judged. */
  letGo(): void {
    this.#observed = [];
  }
}

function isWhole(observed: ObservedRun | null): boolean {
  return observed !== null && observed.run.end.reason !== "interrupted";
}
