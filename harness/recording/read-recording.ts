// Reads a recording back. A file of another format is refused by name, a broken one with the line that is
// broken; a run that was cut off is read as far as it goes.
import { createHash } from "node:crypto";
import { PLAN_FORMAT } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { Bucket } from "../signals/bucket.ts";
import type { Layout } from "../signals/layout.ts";
import { layoutOf } from "../signals/layout.ts";
import { bucketFlaw } from "./bucket-shape.ts";
import type { RunEvent } from "./event.ts";
import { eventFlaw } from "./event-shape.ts";
import type { FileLine } from "./lines-of.ts";
import { bucketOf, decodeBucket } from "./line.ts";
import { LINE_LIMIT_BYTES, linesOf } from "./lines-of.ts";
import { planHash } from "./plan-hash.ts";
import type { Recording, RecordingHeader, RunEnd } from "./recording.ts";
import { RECORDING_FORMAT } from "./recording.ts";

export type ReadRecording = { readonly recording: Recording } | { readonly problems: readonly Problem[] };

/** Checks every line once; the buckets are read again from the file whenever they are asked for. */
export function readRecording(file: string): ReadRecording {
  try {
    return checked(file);
  } catch (error) {
    const system = error instanceof Error && "code" in error ? String(error.code) : null;
    if (system === null) throw error;
    const why =
      system === "ENOENT"
        ? "there is no such file"
        : system === "EISDIR"
          ? "it is a folder"
          : `the system says ${system}`;
    return refused(
      "unreadable-file",
      `${file} cannot be read: ${why}`,
      "name a run's folder or its recording.jsonl",
      file,
      null,
    );
  }
}

function checked(file: string): ReadRecording {
  let header: RecordingHeader | null = null;
  let layout: Layout | null = null;
  let end: RunEnd | null = null;
  let latest = -1;
  const events: RunEvent[] = [];
  for (const line of linesOf(file)) {
    const value = parsed(line);
    // A last line without its line break is what an interruption leaves: the run is whole up to there.
    if (!line.isWhole && header !== null && line.text.length <= LINE_LIMIT_BYTES) break;
    if (header === null) {
      const read = headerOf(value, file);
      if ("problems" in read) return read;
      header = read.header;
      layout = layoutOf(header.plan);
      continue;
    }
    const flaw = end === null ? lineFlaw(value, layout!, latest) : "something follows the end of the run";
    if (flaw !== null) return refused("broken-recording", flaw, null, file, line.number);
    if ("bucket" in value!) latest = (value["bucket"] as Bucket).index;
    else if ("event" in value!) events.push(value["event"] as RunEvent);
    else end = value!["end"] as RunEnd;
  }
  if (header === null) return notARecording(file);
  const cutOff: RunEnd = { reason: "interrupted", atMs: (latest + 1) * header.plan.bucketMs };
  return {
    recording: {
      header,
      events,
      end: end ?? cutOff,
      buckets: () => bucketsOf(file),
      digest: () => digestOf(file),
    },
  };
}

function* bucketsOf(file: string): Generator<Bucket> {
  for (const line of linesOf(file)) {
    if (line.isWhole && line.text.startsWith('{"bucket"')) yield bucketOf(line.text);
  }
}

function digestOf(file: string): string {
  const hash = createHash("sha256");
  for (const line of linesOf(file)) hash.update(line.isWhole ? `${line.text}\n` : line.text);
  return hash.digest("hex");
}

function parsed(line: FileLine): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line.text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function headerOf(
  line: Record<string, unknown> | null,
  file: string,
): { header: RecordingHeader } | { problems: readonly Problem[] } {
  const value = line?.["header"];
  if (typeof value !== "object" || value === null) return notARecording(file);
  const header = value as Partial<RecordingHeader>;
  if (header.format !== RECORDING_FORMAT) {
    const message = `the recording has the format "${String(header.format)}", this Firebreak reads "${RECORDING_FORMAT}"`;
    return refused(
      "unknown-format",
      message,
      "read it with the Firebreak that wrote it, or run the scenario again",
      file,
      1,
    );
  }
  const plan = header.plan;
  if (typeof plan !== "object" || plan === null || plan.format !== PLAN_FORMAT) {
    const message = `the plan of the run has the format "${String(plan?.format)}", this Firebreak reads "${PLAN_FORMAT}"`;
    return refused("unknown-format", message, "run the scenario again", file, 1);
  }
  if ((header.engine !== "sim" && header.engine !== "live") || header.planHash !== planHash(plan)) {
    return refused("broken-recording", "the header does not fit its plan: it was changed after the run", null, file, 1);
  }
  return { header: value as RecordingHeader };
}

function lineFlaw(line: Record<string, unknown> | null, layout: Layout, latest: number): string | null {
  if (line === null) return "the line is not JSON";
  if ("bucket" in line) return bucketFlaw(decodeBucket(line["bucket"]), layout, latest);
  if ("event" in line) return eventFlaw(line["event"]);
  if ("end" in line) return endFlaw(line["end"]);
  return "the line is neither a bucket, nor an event, nor the end";
}

function endFlaw(value: unknown): string | null {
  const reason = typeof value === "object" && value !== null && "reason" in value ? value.reason : null;
  return reason === "completed" || reason === "interrupted" || reason === "unsound"
    ? null
    : "the end of the run has no known reason";
}

function notARecording(file: string): { problems: readonly Problem[] } {
  return refused(
    "unknown-format",
    `${file} is not a recording of a run`,
    "name a run's folder or its recording.jsonl",
    file,
    null,
  );
}

function refused(
  code: string,
  message: string,
  hint: string | null,
  file: string,
  line: number | null,
): { problems: readonly Problem[] } {
  const place = line === null ? null : { file, line, column: 1, length: 1 };
  return { problems: [{ code, severity: "error", message, hint, place }] };
}
