// One line of a recording: a JSON object with one key that says what it is. The first line is the header, the
// last one the end; between them buckets and events, in the order in which the engine gave them.
//
//   {"header":{…}}   {"bucket":{…}}   {"event":{…}}   {"end":{…}}
import { unreachable } from "../core/assert.ts";
import type { Bucket } from "../signals/bucket.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { RunEvent } from "./event.ts";
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
  const ordered: Bucket = {
    index: bucket.index,
    services: bucket.services,
    edges: bucket.edges,
    journeys: bucket.journeys,
    faults: bucket.faults,
    serviceLatency: bucket.serviceLatency,
    edgeLatency: bucket.edgeLatency,
    journeyLatency: bucket.journeyLatency,
    origins: bucket.origins,
    badUsers: bucket.badUsers,
    missing: bucket.missing,
  };
  return JSON.stringify({ bucket: ordered });
}
