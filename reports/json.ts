// The machine-readable report: exactly the result (docs/verdict.md). One file gives one object, several an array.
import type { Result } from "../harness/verdict/result.ts";

export function jsonReport(results: readonly Result[]): string {
  return `${JSON.stringify(results.length === 1 ? results[0] : results, null, 2)}\n`;
}
