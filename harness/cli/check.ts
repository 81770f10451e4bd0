// `firebreak check`: every problem of every file, nothing run.
import { Command } from "commander";
import { EXIT } from "../core/codes.ts";
import type { ExitCode } from "./exit.ts";
import { withStudyOptions } from "./study-options.ts";
import type { StudyOptions } from "./study-options.ts";

export function checkCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command("check")
    .description("report every problem of the files at once, and run nothing")
    .argument("<files...>", "scenario and topology files, or globs");
  return withStudyOptions(command).action(async (files: string[], options: StudyOptions) => {
    const { checkFiles } = await import("./check-files.ts");
    for (const line of await checkFiles(files, options)) process.stdout.write(line);
    finish(EXIT.passed);
  });
}
