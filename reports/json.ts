// The machine-readable report: exactly the result (docs/verdict.md). One file gives one object, several an array.
import type { Result } from "../harness/verdict/result.ts";
import type { ReportOptions } from "./report-options.ts";

export function jsonReport(results: readonly Result[], { isSeveral }: Pick<ReportOptions, "isSeveral">): string {
  return `${JSON.stringify(isSeveral ? results : results[0], null, 2)}\n`;
}
