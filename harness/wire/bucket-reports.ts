// Closes this process's buckets at their ends and reports them: work like any other, done in due order.
import type { Plan } from "../model/plan.ts";
import type { Tally } from "../signals/tally.ts";
import type { Agenda } from "./agenda.ts";
import type { ControlChannel } from "./control-channel.ts";
import type { Command, Report } from "./control-message.ts";

export interface BucketReportsOptions {
  readonly plan: Plan;
  readonly tally: Tally;
  readonly agenda: Agenda;
  readonly channel: ControlChannel<Report, Command>;
  /** Brings the integrals of all actors up to this time. */
  readonly observe: (nowMs: number) => void;
}

export class BucketReports {
  readonly #options: BucketReportsOptions;
  #index: number;

  /** Starts in the second that `nowMs` falls into (the first one before the run's start). */
  constructor(options: BucketReportsOptions, nowMs: number) {
    this.#options = options;
    this.#index = Math.max(0, Math.floor(nowMs / options.plan.bucketMs));
    this.#await();
  }

  /** What was counted since the last report, before something may end this process or its actor. */
  partial(nowMs: number): void {
    if (nowMs < this.#options.plan.endMs && nowMs >= 0) this.#close(nowMs, true);
  }

  #await(): void {
    const { plan, agenda } = this.#options;
    const endMs = (this.#index + 1) * plan.bucketMs;
    if (endMs > plan.endMs) return;
    agenda.at(endMs, () => {
      this.#close(endMs, false);
      this.#index++;
      this.#await();
    });
  }

  #close(nowMs: number, isPartial: boolean): void {
    const { tally, channel, observe } = this.#options;
    observe(nowMs);
    channel.send({ report: "bucket", bucket: tally.close(this.#index), isPartial });
  }
}
