// Runs a plan twice in the simulator and compares the recordings byte for byte. A difference is our bug; the
// first one is named so that it can be found.
import type { Engine } from "../engine/engine.ts";
import type { Plan } from "../model/plan.ts";
import { MemoryRecording } from "../recording/memory-recording.ts";
import type { Recording } from "../recording/recording.ts";
import { breath } from "./breath.ts";

export interface Difference {
  readonly strategy: string | null;
  readonly digests: readonly [string, string];
  /** The first bucket or event that differs, in words. */
  readonly first: string;
}

/** The digest where the second run gave the same bytes. Interrupted runs are compared as far as they went. */
export async function checkDeterminism(
  plan: Plan,
  engine: Engine,
  signal: AbortSignal,
): Promise<{ readonly digest: string } | Difference> {
  const first = await record(plan, engine, signal);
  const second = await record(plan, engine, signal);
  const digests = [first.digest(), second.digest()] as const;
  if (digests[0] === digests[1]) return { digest: digests[0] };
  return { strategy: plan.strategy, digests, first: firstDifference(first, second) };
}

/** Where two recordings part, in words. */
export function firstDifference(first: Recording, second: Recording): string {
  return (
    firstBucket(first, second) ??
    firstEvent(first, second) ??
    (JSON.stringify(first.end) === JSON.stringify(second.end)
      ? "the headers differ, everything recorded is equal"
      : `the ends differ: ${JSON.stringify(first.end)} and ${JSON.stringify(second.end)}`)
  );
}

async function record(plan: Plan, engine: Engine, signal: AbortSignal): Promise<Recording> {
  const recording = new MemoryRecording();
  await engine.run(plan, recording, { signal, onProgress: breath() });
  return recording.finished();
}

function firstBucket(first: Recording, second: Recording): string | null {
  const others = second.buckets()[Symbol.iterator]();
  for (const bucket of first.buckets()) {
    const other = others.next();
    if (other.done === true) return `bucket ${bucket.index} is missing in the second run`;
    if (JSON.stringify(bucket) === JSON.stringify(other.value)) continue;
    const parts = (Object.keys(bucket) as (keyof typeof bucket)[]).filter(
      (part) => JSON.stringify(bucket[part]) !== JSON.stringify(other.value[part]),
    );
    return `bucket ${bucket.index} differs in ${parts.join(", ")}`;
  }
  const extra = others.next();
  return extra.done === true ? null : `bucket ${extra.value.index} is missing in the first run`;
}

function firstEvent(first: Recording, second: Recording): string | null {
  const count = Math.max(first.events.length, second.events.length);
  for (let index = 0; index < count; index++) {
    const one = JSON.stringify(first.events[index] ?? null);
    const other = JSON.stringify(second.events[index] ?? null);
    if (one !== other) return `event ${index} differs: ${one} and ${other}`;
  }
  return null;
}
