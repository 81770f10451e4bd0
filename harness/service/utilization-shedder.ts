// Sheds load by how busy the instance was: each criticality has a utilisation from which it is refused, the least
// critical the lowest. Measured over short windows; what the last one showed holds until the next is over.
// Source: the levels are Google's (SRE, chapter 21); thresholds over a refresh interval are Envoy's overload manager,
// 250 ms, whose example stops accepting requests at 95%. The other numbers are ours.
import * as z from "zod";
import type { UtilizationPlan } from "../model/admission-plan.ts";
import { CRITICALITIES } from "../model/criticality.ts";
import { orNone } from "../schema/absent.ts";
import { duration } from "../schema/duration.ts";
import { ratio } from "../schema/ratio.ts";
import type { IssueParams } from "../schema/written.ts";

const LADDER: IssueParams = { code: "out-of-range", hint: "what is less critical is refused first" };

function threshold() {
  return orNone(ratio());
}

/** Written `admission`, of type utilization. */
export const utilizationSchema = z
  .strictObject({
    type: z.literal("utilization").describe("utilization: sheds the less critical while the instance is busy."),
    of: z.enum(["workers", "cpu"]).default("workers").describe("What is busy."),
    refreshInterval: duration("request").prefault("250ms").describe("How long it measures before it decides anew."),
    thresholds: z
      .strictObject({
        sheddable: threshold().prefault("70%").describe("From here requests are refused that can wait for hours."),
        sheddablePlus: threshold().prefault("85%").describe("From here those of batch jobs are."),
        critical: threshold().prefault("95%").describe("From here those of users are; the default of a request."),
        criticalPlus: threshold().prefault("none").describe("From here those that matter most are."),
      })
      .prefault({})
      .describe("By the `priority` that a request's load or journey has given it; `none`: never."),
  })
  .transform((written): UtilizationPlan => {
    const { type, of, refreshInterval, thresholds } = written;
    return {
      type,
      of,
      refreshIntervalMs: refreshInterval,
      thresholds: CRITICALITIES.map((level) => thresholds[level]),
    };
  })
  .superRefine(({ thresholds, refreshIntervalMs }, context) => {
    const refuse = (path: string[], message: string): void =>
      context.addIssue({ code: "custom", path, message, params: LADDER });
    if (refreshIntervalMs === 0) refuse(["refreshInterval"], "the interval must be above 0");
    const falls = thresholds.findIndex((own, at) => at > 0 && (own ?? Infinity) > (thresholds[at - 1] ?? Infinity));
    if (falls > 0)
      refuse(
        ["thresholds", CRITICALITIES[falls]!],
        `\`${CRITICALITIES[falls]!}\` would be served while \`${CRITICALITIES[falls - 1]!}\` is refused`,
      );
  });

export class UtilizationShedder {
  readonly #plan: UtilizationPlan;
  readonly #thresholds: readonly number[];
  /** Of the last window that is over. */
  #utilization = 0;
  #windowMs: number;
  #integratedMs: number;
  /** Integral of the utilisation since the window began. */
  #busyMs = 0;

  constructor(plan: UtilizationPlan, startMs: number) {
    this.#plan = plan;
    this.#thresholds = plan.thresholds.map((each) => each ?? Infinity);
    this.#windowMs = startMs;
    this.#integratedMs = startMs;
  }

  /** Told before the instance becomes more or less busy: until now it was so busy, of its workers and of its cores. */
  advance(nowMs: number, workers: number, cpu: number): void {
    const utilization = this.#plan.of === "workers" ? workers : cpu;
    const { refreshIntervalMs } = this.#plan;
    const passedMs = nowMs - this.#windowMs;
    if (passedMs >= refreshIntervalMs) {
      const endsMs = this.#windowMs + refreshIntervalMs;
      this.#utilization = (this.#busyMs + utilization * (endsMs - this.#integratedMs)) / refreshIntervalMs;
      this.#busyMs = 0;
      // Nothing has happened in the windows that have begun and ended since.
      const windows = Math.floor(passedMs / refreshIntervalMs);
      if (windows > 1) this.#utilization = utilization;
      this.#windowMs += windows * refreshIntervalMs;
      this.#integratedMs = this.#windowMs;
    }
    this.#busyMs += utilization * (nowMs - this.#integratedMs);
    this.#integratedMs = nowMs;
  }

  /** Whether a request of this criticality (an index of CRITICALITIES) is refused now. */
  refuses(criticality: number): boolean {
    return this.#utilization >= this.#thresholds[criticality]!;
  }
}
