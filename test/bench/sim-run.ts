// One scenario file run by our own engine through the front door: the language compiles it, the engine runs it with all
// its metrics, and the recording streams to a file, as `firebreak run` does. Counts what the run did, from its buckets.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert } from "../../harness/core/assert.ts";
import type { Engine } from "../../harness/engine/engine.ts";
import { loadStudy } from "../../harness/language/load-study.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { OK } from "../../harness/model/outcome.ts";
import { FileRecording } from "../../harness/recording/file-recording.ts";
import type { RecordingSink } from "../../harness/recording/recording.ts";
import type { SparseRows } from "../../harness/signals/bucket.ts";
import { EDGE, JOURNEY } from "../../harness/signals/columns.ts";

export interface SimCounts {
  /** Requests of users that ended. */
  readonly requests: number;
  /** Of those, the good ones. */
  readonly good: number;
  /** Calls of all callers, users and services, that ended. */
  readonly calls: number;
  /** Mean latency of the requests. */
  readonly meanMs: number;
}

/** The plan of a scenario file without strategies. */
export function planOf(file: string, vars: Readonly<Record<string, string>>): Plan {
  const { study, problems } = loadStudy(file, {
    vars,
    seed: null,
    strategies: null,
    engine: "sim",
    size: null,
    strict: false,
  });
  assert(study !== null, `${file} is sound: ${problems.map(({ message }) => message).join("; ")}`);
  assert(study.variants.length === 1, `${file} has one variant`);
  return study.variants[0]!.plan;
}

export async function runSim(plan: Plan, engine: Engine): Promise<SimCounts> {
  const directory = mkdtempSync(join(tmpdir(), "firebreak-bench-"));
  const file = new FileRecording(directory);
  const counts = { requests: 0, good: 0, calls: 0, latencyMs: 0 };
  const sink: RecordingSink = {
    begin: (header) => file.begin(header),
    event: (event) => file.event(event),
    end: (end) => file.end(end),
    bucket: (bucket) => {
      file.bucket(bucket);
      counts.requests += sumOf(bucket.journeys, JOURNEY.ended);
      counts.good += sumOf(bucket.journeys, JOURNEY.outcome + OK);
      counts.latencyMs += sumOf(bucket.journeys, JOURNEY.latencyMs);
      counts.calls += sumOf(bucket.edges, EDGE.calls);
    },
  };
  try {
    await engine.run(plan, sink, { signal: new AbortController().signal, onProgress: () => {} });
  } finally {
    file.close();
    rmSync(directory, { recursive: true });
  }
  const { requests, good, calls, latencyMs } = counts;
  return { requests, good, calls, meanMs: latencyMs / requests };
}

/** The sum of a column over all rows of a sparse table. */
export function sumOf(rows: SparseRows, column: number): number {
  let sum = 0;
  for (const row of rows) for (let at = 1; at < row.length; at += 2) if (row[at] === column) sum += row[at + 1]!;
  return sum;
}
