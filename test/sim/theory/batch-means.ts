// The mean of a stationary run and how far to trust it, by batch means: the measured time is cut into twenty parts, each
// so much longer than the queue remembers that their means are as good as independent, and Student's t does the rest.
// Source: Law, Simulation Modeling and Analysis, section 9.5.3.
import { assert } from "../../../harness/core/assert.ts";
import { OK } from "../../../harness/model/outcome.ts";
import type { Recording } from "../../../harness/recording/recording.ts";
import { JOURNEY, SERVICE } from "../../../harness/signals/columns.ts";
import { layoutOf } from "../../../harness/signals/layout.ts";

const BATCHES = 20;
/** Student's t with 19 degrees of freedom passes this once in a thousand (both sides together). */
const T_19 = 3.883;

export interface BatchMean {
  readonly mean: number;
  /** The true mean lies farther off once in a thousand. */
  readonly tolerance: number;
  /** Requests in it. */
  readonly count: number;
}

/** Mean latency in ms of the good requests of a service (at the server), after the warm-up. */
export function serviceLatency(recording: Recording, service: string): BatchMean {
  const { plan } = recording.header;
  const { serviceRows } = layoutOf(plan);
  const rows = new Set(serviceRows.flatMap((row, at) => (plan.services[row.service]!.name === service ? [at] : [])));
  return batchMean(recording, "services", rows, SERVICE.latencyMs, SERVICE.outcome + OK);
}

/** Mean latency in ms of the good requests of a journey (at the user), after the warm-up. */
export function journeyLatency(recording: Recording, journey: string): BatchMean {
  const { plan } = recording.header;
  const { journeyRows } = layoutOf(plan);
  const rows = new Set(journeyRows.flatMap((row, at) => (plan.journeys[row.journey]!.name === journey ? [at] : [])));
  return batchMean(recording, "journeys", rows, JOURNEY.latencyMs, JOURNEY.outcome + OK);
}

function batchMean(
  recording: Recording,
  table: "services" | "journeys",
  rows: ReadonlySet<number>,
  sumColumn: number,
  countColumn: number,
): BatchMean {
  const { plan } = recording.header;
  const first = Math.ceil(plan.warmUpMs / plan.bucketMs);
  const buckets = [...recording.buckets()].filter(({ index }) => index >= first);
  const size = Math.floor(buckets.length / BATCHES);
  assert(size > 0, "a batch has at least one bucket");
  const batches = Array.from({ length: BATCHES }, (_, batch) => {
    let sum = 0;
    let count = 0;
    for (const bucket of buckets.slice(batch * size, (batch + 1) * size)) {
      for (const row of bucket[table].filter(([at]) => rows.has(at!))) {
        sum += valueOf(row, sumColumn);
        count += valueOf(row, countColumn);
      }
    }
    return { mean: sum / count, count };
  });
  const mean = batches.reduce((sum, batch) => sum + batch.mean, 0) / BATCHES;
  const variance = batches.reduce((sum, batch) => sum + (batch.mean - mean) ** 2, 0) / (BATCHES - 1);
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  return { mean, tolerance: T_19 * Math.sqrt(variance / BATCHES), count };
}

/** A column of a sparse row. */
function valueOf(row: readonly number[], column: number): number {
  for (let at = 1; at < row.length; at += 2) if (row[at] === column) return row[at + 1]!;
  return 0;
}
