// A user's mistake as a value: where it is, what it is, and what to do about it.

export interface Problem {
  /** A code of the table in core/codes.ts, such as `unknown-name`. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint: string | null;
  readonly place: Place | null;
}

/** Lines and columns count from 1; `length` is the number of characters to underline. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}
