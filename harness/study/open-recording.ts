// Where the recording of a run goes: a folder of its own, or memory for studies that nobody asked to keep.
import { FileRecording } from "../recording/file-recording.ts";
import { MemoryRecording } from "../recording/memory-recording.ts";
import type { Recording, RecordingSink } from "../recording/recording.ts";

export interface OpenRecording {
  readonly sink: RecordingSink;
  /** Once the run has ended. */
  finished(): Recording;
  /** Lets go of a run that did not end; what was written stays. */
  close(): void;
}

/** `directory` is the run's own; null is memory. Throws RecordingFailure. */
export function openRecording(directory: string | null): OpenRecording {
  if (directory === null) {
    const memory = new MemoryRecording();
    return { sink: memory, finished: () => memory.finished(), close: () => {} };
  }
  const file = new FileRecording(directory);
  return { sink: file, finished: () => file.finished(), close: () => file.close() };
}
