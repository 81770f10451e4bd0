// The options of `firebreak run`, as commander hands them over.
import type { ProgressKind } from "./progress-kind.ts";
import type { SeedRange } from "./seed-range.ts";
import type { StudyOptions } from "./study-options.ts";

export interface RunOptions extends StudyOptions {
  readonly repeat?: number;
  readonly seeds?: SeedRange;
  readonly workers?: number;
  readonly reporter: readonly string[];
  readonly out?: string;
  readonly progress: ProgressKind;
  readonly checkDeterminism: boolean;
  readonly isolation: "process" | "service" | "inline";
  readonly control: boolean;
}
