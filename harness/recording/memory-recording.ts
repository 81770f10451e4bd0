// A recording kept in memory as the lines that a file would hold: for studies that nobody asked to keep.
import { createHash } from "node:crypto";
import { assert } from "../core/assert.ts";
import type { Bucket } from "../signals/bucket.ts";
import type { RunEvent } from "./event.ts";
import { bucketOf, encodeLine } from "./line.ts";
import type { Recording, RecordingHeader, RecordingSink, RunEnd } from "./recording.ts";

export class MemoryRecording implements RecordingSink {
  #header: RecordingHeader | null = null;
  readonly #lines: string[] = [];
  readonly #bucketLines: string[] = [];
  readonly #events: RunEvent[] = [];
  #end: RunEnd | null = null;

  begin(header: RecordingHeader): void {
    assert(this.#header === null, "a recording begins once");
    this.#header = header;
    this.#lines.push(encodeLine({ header }));
  }

  bucket(bucket: Bucket): void {
    assert(this.#header !== null && this.#end === null, "a bucket lies between the beginning and the end");
    const line = encodeLine({ bucket });
    this.#lines.push(line);
    this.#bucketLines.push(line);
  }

  event(event: RunEvent): void {
    assert(this.#header !== null && this.#end === null, "an event lies between the beginning and the end");
    this.#lines.push(encodeLine({ event }));
    this.#events.push(event);
  }

  end(end: RunEnd): void {
    assert(this.#header !== null && this.#end === null, "a recording ends once, after it began");
    this.#lines.push(encodeLine({ end }));
    this.#end = end;
  }

  /** The recording, once it has ended. */
  finished(): Recording {
    const header = this.#header;
    const end = this.#end;
    assert(header !== null && end !== null, "only a run that ended is finished");
    const lines = this.#lines;
    const bucketLines = this.#bucketLines;
    return {
      header,
      events: this.#events,
      end,
      *buckets() {
        for (const line of bucketLines) yield bucketOf(line);
      },
      digest: () => digestOf(lines),
    };
  }
}

/** As the same lines have in a file, each with its line break. */
function digestOf(lines: readonly string[]): string {
  const hash = createHash("sha256");
  for (const line of lines) hash.update(line).update("\n");
  return hash.digest("hex");
}
