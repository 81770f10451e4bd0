// `firebreak check`: every problem of every file, nothing run.
import { Command } from "commander";
import { EXIT } from "../core/codes.ts";
import type { ExitCode } from "./exit.ts";
import { withStudyOptions } from "./study-options.ts";
import type { StudyOptions } from "./study-options.ts";

export function checkCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command("check")
    .description("report every problem of the files at once, and run nothing")
    .argument("<files...>", "scenario files or globs");
  return withStudyOptions(command).action(async (files: string[], options: StudyOptions) => {
    const { loadStudies } = await import("./load-studies.ts");
    for (const { file, variants, scenario } of await loadStudies(files, options)) {
      const strategies = variants.filter(({ plan }) => plan.strategy !== null).length;
      process.stdout.write(
        `${file}: ${scenario} is sound (${strategies === 0 ? "no strategies" : `${strategies} ${strategies === 1 ? "strategy" : "strategies"}`})\n`,
      );
    }
    finish(EXIT.passed);
  });
}
