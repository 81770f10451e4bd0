// `firebreak run`: every strategy of the scenarios, judged.
import { Command, Option } from "commander";
import { commandFor } from "./command-line.ts";
import type { ExitCode } from "./exit.ts";
import { PROGRESS_KINDS } from "./progress-kind.ts";
import type { ProgressKind } from "./progress-kind.ts";
import { collect, withStudyOptions } from "./study-options.ts";
import type { StudyOptions } from "./study-options.ts";

export interface RunOptions extends StudyOptions {
  readonly reporter: readonly string[];
  readonly out?: string;
  readonly progress: ProgressKind;
  readonly checkDeterminism: boolean;
  readonly isolation: "process" | "service" | "inline";
  readonly control: boolean;
}

export function runCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command("run")
    .description("run every strategy of the scenarios and judge whether it contained the failure")
    .argument("<files...>", "scenario files or globs");
  return withStudyOptions(command)
    .option("--reporter <name[=file]>", "console or json, to a file or stdout (repeatable)", collect, [])
    .option("--out <folder>", "where recordings go, instead of .firebreak/runs/<id>")
    .addOption(
      new Option("--progress <kind>", "how progress is shown on stderr").choices(PROGRESS_KINDS).default("auto"),
    )
    .option("--check-determinism", "simulate every run twice and compare the bytes, instead of judging", false)
    .addOption(
      new Option("--isolation <kind>", "live: one process per instance, per service, or none")
        .choices(["process", "service", "inline"])
        .default("process"),
    )
    .option("--control", "live: also run the control, without the failure", false)
    .action(async (files: string[], options: RunOptions) => {
      const { runStudies } = await import("./run-studies.ts");
      const valued = new Set(command.options.flatMap(({ long, required }) => (required && long ? [long] : [])));
      finish(await runStudies(files, options, (file) => commandFor(file, process.argv.slice(2), valued)));
    });
}
