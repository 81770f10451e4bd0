// Failed attempts at each service, second by second: only to say when, within a window, a failure began.
import { CANCELLED, CAUSE_COUNT, OK, SLOW } from "../model/outcome.ts";
import type { Plan } from "../model/plan.ts";
import type { Bucket } from "../signals/bucket.ts";
import { EDGE } from "../signals/columns.ts";

export class BlameSeries {
  readonly #plan: Plan;
  /** By service: bucket index to count, only where there were any. */
  readonly #counts: Map<number, number>[];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#counts = plan.services.map(() => new Map());
  }

  add(bucket: Bucket): void {
    for (const row of bucket.edges) {
      const { callee } = this.#plan.edges[row[0]!]!;
      for (let at = 1; at < row.length; at += 2) {
        const cause = row[at]! - EDGE.attemptOwn;
        if (cause > OK && cause < CAUSE_COUNT && cause !== CANCELLED) this.#count(callee, bucket.index, row[at + 1]!);
      }
    }
    for (const [, service, cause, count] of bucket.origins) {
      if (cause === SLOW) this.#count(service!, bucket.index, count!);
    }
  }

  /** The first bucket of [from, to) by which more than `count` attempts had failed at the service; null = not so many. */
  firstAbove(service: number, from: number, to: number, count: number): number | null {
    let sum = 0;
    for (let bucket = from; bucket < to; bucket++) {
      sum += this.#counts[service]!.get(bucket) ?? 0;
      if (sum > count) return bucket;
    }
    return null;
  }

  #count(service: number, bucket: number, count: number): void {
    const counts = this.#counts[service]!;
    counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  }
}
