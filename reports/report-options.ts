// What a report needs to know beyond the results.

export interface ReportOptions {
  /** The commands that repeat the runs, by result, as a person would type them. */
  readonly commands: readonly string[];
  readonly hasColor: boolean;
  /** Characters per line; 80 where nobody knows. */
  readonly columns?: number | undefined;
  /** Where the recordings are, by result; null where they were not kept. */
  readonly directories: readonly (string | null)[];
  /** Several files were run, even where only one of them could be judged. */
  readonly isSeveral: boolean;
}
