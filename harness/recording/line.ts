// One line of a recording: a JSON object with one key that says what it is. The first line is the header, the
// last one the end; between them buckets and events, in the order in which the engine gave them.
//
//   {"header":{…}}   {"bucket":{…}}   {"event":{…}}   {"end":{…}}
import { unreachable } from "../core/assert.ts";
import type { Bucket } from "../signals/bucket.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { RunEvent } from "./event.ts";
import { packBins, unpackBins } from "./packed-bins.ts";
import type { RecordingHeader, RunEnd } from "./recording.ts";

export type Line =
  | { readonly header: RecordingHeader }
  | { readonly bucket: Bucket }
  | { readonly event: RunEvent }
  | { readonly end: RunEnd };

/** The line without its line break. */
export function encodeLine(line: Line): string {
  if ("bucket" in line) return encodeBucket(line.bucket);
  if ("header" in line || "event" in line || "end" in line) return canonicalJson(line);
  return unreachable(line);
}

/** Buckets are most of a recording: nested arrays of numbers, so the built-in writer gives one spelling. */
function encodeBucket(bucket: Bucket): string {
  const ordered = {
    index: bucket.index,
    services: bucket.services,
    edges: bucket.edges,
    journeys: bucket.journeys,
    faults: bucket.faults,
    serviceLatency: packBins(bucket.serviceLatency),
    edgeLatency: packBins(bucket.edgeLatency),
    journeyLatency: packBins(bucket.journeyLatency),
    origins: bucket.origins,
    badUsers: bucket.badUsers,
    missing: bucket.missing,
  };
  return JSON.stringify({ bucket: ordered });
}

/** The bucket of a line that is known to be sound. */
export function bucketOf(line: string): Bucket {
  return decodeBucket((JSON.parse(line) as { bucket: unknown }).bucket) as Bucket;
}

/** The bucket of a parsed line, still to be checked: what is no packed histogram is null. */
export function decodeBucket(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const bucket: Record<string, unknown> = { ...value };
  for (const table of ["serviceLatency", "edgeLatency", "journeyLatency"]) bucket[table] = unpackBins(bucket[table]);
  return bucket;
}
