// What a report needs to know beyond the results.

export interface ReportOptions {
  /** The command that repeats the run, as a person would type it. */
  readonly command: string;
  readonly hasColor: boolean;
  /** Characters per line; 80 where nobody knows. */
  readonly columns?: number | undefined;
  /** Where the recordings are, by result; null where they were not kept. */
  readonly directories: readonly (string | null)[];
}
