// The ways of showing progress. `auto` is `tty` on a terminal and `plain` elsewhere.

export const PROGRESS_KINDS = ["auto", "tty", "plain", "json", "quiet"] as const;
export type ProgressKind = (typeof PROGRESS_KINDS)[number];
