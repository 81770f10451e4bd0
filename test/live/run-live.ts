// Runs a plan on the live engine into memory.
import { liveEngine } from "../../harness/live/live-engine.ts";
import type { LiveOptions } from "../../harness/live/live-engine.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { Recording, RecordingSink, RunEnd } from "../../harness/recording/recording.ts";
import { MemoryRecording } from "../../harness/recording/memory-recording.ts";
import { EDGE, JOURNEY, SERVICE } from "../../harness/signals/columns.ts";
import type { SparseRows } from "../../harness/signals/bucket.ts";

export async function runLive(
  plan: Plan,
  options: LiveOptions,
  {
    signal = new AbortController().signal,
    onRunning = () => {},
  }: { signal?: AbortSignal; onRunning?: (runMs: number) => void } = {},
): Promise<{ end: RunEnd; recording: Recording }> {
  const sink = new MemoryRecording();
  const end = await runInto(sink, plan, options, { signal, onRunning });
  return { end, recording: sink.finished() };
}

export async function runInto(
  sink: RecordingSink,
  plan: Plan,
  options: LiveOptions,
  {
    signal = new AbortController().signal,
    onRunning = () => {},
  }: { signal?: AbortSignal; onRunning?: (runMs: number) => void } = {},
): Promise<RunEnd> {
  const onProgress = ({ phase, runMs }: { phase: string; runMs: number }): void => {
    if (phase === "running") onRunning(runMs);
  };
  return liveEngine(options).run(plan, sink, { signal, onProgress });
}

export type Table = "services" | "edges" | "journeys" | "faults";

/** Sum of one column of one row over all buckets. */
export function total(recording: Recording, table: Table, row: number, column: number): number {
  let sum = 0;
  for (const bucket of recording.buckets()) sum += valueOf(bucket[table], row, column);
  return sum;
}

export const COLUMNS = { EDGE, JOURNEY, SERVICE };

function valueOf(rows: SparseRows, row: number, column: number): number {
  const sparse = rows.find(([number]) => number === row);
  if (sparse === undefined) return 0;
  for (let at = 1; at < sparse.length; at += 2) if (sparse[at] === column) return sparse[at + 1]!;
  return 0;
}
