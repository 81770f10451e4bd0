// Where the recordings of a study go: a folder each, or memory for studies that nobody asked to keep.
import path from "node:path";
import { FileRecording } from "../recording/file-recording.ts";
import { MemoryRecording } from "../recording/memory-recording.ts";
import type { Recording, RecordingSink } from "../recording/recording.ts";

export interface RecordingStore {
  /** A new place for one run, named as in the schedule. */
  open(name: string): OpenRecording;
}

export interface OpenRecording {
  readonly sink: RecordingSink;
  /** Once the run has ended. */
  finished(): Recording;
  /** Lets go of a run that did not end; what was written stays. */
  close(): void;
}

/** One folder per run in `directory`. */
export function folderStore(directory: string): RecordingStore {
  return {
    open(name) {
      const recording = new FileRecording(path.join(directory, name));
      return { sink: recording, finished: () => recording.finished(), close: () => recording.close() };
    },
  };
}

export function memoryStore(): RecordingStore {
  return {
    open() {
      const recording = new MemoryRecording();
      return { sink: recording, finished: () => recording.finished(), close: () => {} };
    },
  };
}
