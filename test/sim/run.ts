// Runs a plan in virtual time and reads its buckets by name.
import type { Plan } from "../../harness/model/plan.ts";
import { MemoryRecording } from "../../harness/recording/memory-recording.ts";
import type { Recording } from "../../harness/recording/recording.ts";
import type { Bucket, SparseRows } from "../../harness/signals/bucket.ts";
import { EDGE, JOURNEY, LIFE, SERVICE } from "../../harness/signals/columns.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import { simEngine } from "../../harness/sim/sim-engine.ts";

export async function record(plan: Plan): Promise<Recording> {
  const recording = new MemoryRecording();
  await simEngine().run(plan, recording, { signal: new AbortController().signal, onProgress: () => {} });
  return recording.finished();
}

/** The sums over a run, or a part of it. */
export class Sums {
  readonly buckets: readonly Bucket[];
  readonly #plan: Plan;

  constructor(recording: Recording, fromMs = 0, toMs = Infinity) {
    this.#plan = recording.header.plan;
    const { bucketMs } = this.#plan;
    this.buckets = [...recording.buckets()].filter(
      ({ index }) => index * bucketMs >= fromMs && index * bucketMs < toMs,
    );
  }

  /** Over all zones of a service, and over all its versions unless told. */
  service(service: number, column: keyof typeof SERVICE, cause = 0, variant: number | null = null): number {
    const { serviceRows } = layoutOf(this.#plan);
    const rows = serviceRows.flatMap((row, index) =>
      row.service === service && (variant === null || row.variant === variant) ? [index] : [],
    );
    return rows.reduce((sum, row) => sum + this.#sum("services", row, SERVICE[column] + cause), 0);
  }

  /** Over all zones and versions of a service. */
  life(service: number, column: keyof typeof LIFE): number {
    return this.service(service, "arrived", LIFE[column] - SERVICE.arrived);
  }

  edge(edge: number, column: keyof typeof EDGE, cause = 0): number {
    return this.#sum("edges", edge, EDGE[column] + cause);
  }

  journey(column: keyof typeof JOURNEY, cause = 0, row = 0): number {
    return this.#sum("journeys", row, JOURNEY[column] + cause);
  }

  fault(row: number): number {
    return this.#sum("faults", row, 0);
  }

  /** Users with a bad request. */
  badUsers(row = 0): Set<number> {
    const users = new Set<number>();
    for (const { badUsers } of this.buckets)
      for (const [journey, ...deltas] of badUsers) {
        let user = 0;
        for (const delta of deltas) if (journey === row) users.add((user += delta));
      }
    return users;
  }

  #sum(table: "services" | "edges" | "journeys" | "faults", row: number, column: number): number {
    return this.buckets.reduce((sum, bucket) => sum + valueAt(bucket[table], row, column), 0);
  }
}

function valueAt(rows: SparseRows, row: number, column: number): number {
  const found = rows.find(([each]) => each === row);
  if (found === undefined) return 0;
  for (let i = 1; i < found.length; i += 2) if (found[i] === column) return found[i + 1]!;
  return 0;
}
