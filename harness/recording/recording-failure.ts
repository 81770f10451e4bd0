// A recording could not be written: the run cannot be kept, so it cannot be judged (exit code 3). What had been
// written stays readable.

export class RecordingFailure extends Error {
  override readonly name = "RecordingFailure";
  readonly code = "not-writable";
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Runs a file operation on `path`; what the system refuses becomes a RecordingFailure. */
export function writing<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    const system = error instanceof Error && "code" in error ? String(error.code) : "";
    if (system === "ENOSPC" || system === "EDQUOT") {
      const message = `the disk is full: ${path} could not be written`;
      throw new RecordingFailure(message, "free some space, or choose another place with --out");
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new RecordingFailure(`${path} could not be written: ${why}`, "choose another place with --out");
  }
}
