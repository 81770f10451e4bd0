// What leaves an engine. Every report and every verdict can be made again from this alone.
import type { Plan } from "../model/plan.ts";
import type { Bucket } from "../signals/bucket.ts";
import type { RunEvent } from "./event.ts";

export const RECORDING_FORMAT = "firebreak.recording/2";

export interface RecordingHeader {
  readonly format: typeof RECORDING_FORMAT;
  readonly engine: "sim" | "live";
  readonly planHash: string;
  readonly plan: Plan;
}

export type RunEnd =
  | { readonly reason: "completed" }
  /** Interrupted by the user at this run time: what was recorded until then is whole. */
  | { readonly reason: "interrupted"; readonly atMs: number }
  /** The live engine cannot vouch for the run (generator saturated, fleet lost). */
  | { readonly reason: "unsound"; readonly atMs: number; readonly code: string; readonly message: string };

/** Receives a run as it happens, in order of time. Implementations: memory, file. */
export interface RecordingSink {
  begin(header: RecordingHeader): void;
  bucket(bucket: Bucket): void;
  event(event: RunEvent): void;
  end(end: RunEnd): void;
}

/** A finished recording; buckets are decoded as they are read, so memory stays small. */
export interface Recording {
  readonly header: RecordingHeader;
  readonly events: readonly RunEvent[];
  readonly end: RunEnd;
  buckets(): Iterable<Bucket>;
  /** SHA-256 of the recording's bytes: equal for equal runs. */
  digest(): string;
}
