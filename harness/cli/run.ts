// `firebreak run`: every strategy of the scenarios, judged.
import { Command, InvalidArgumentError, Option } from "commander";
import { commandFor } from "./command-line.ts";
import type { ExitCode } from "./exit.ts";
import { PROGRESS_KINDS } from "./progress-kind.ts";
import type { RunOptions } from "./run-options.ts";
import { seedRange } from "./seed-range.ts";
import { collect, withStudyOptions } from "./study-options.ts";

/** More would not end on the same day, or not fit into memory. */
const MOST_SEEDS = 10_000;
const MOST_WORKERS = 256;

export function runCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command("run")
    .description("run every strategy of the scenarios and judge whether it contained the failure")
    .argument("<files...>", "scenario files or globs");
  return withStudyOptions(command)
    .option("--repeat <count>", "so many seeds, from the scenario's on", upTo(MOST_SEEDS))
    .addOption(
      new Option("--seeds <from..to>", "these seeds, such as 1..20")
        .argParser((value) => seedRange(value, MOST_SEEDS))
        .conflicts(["repeat", "seed"]),
    )
    .option("--workers <count>", "simulations at a time (default: one per core where that pays)", upTo(MOST_WORKERS))
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

function upTo(most: number): (value: string) => number {
  return (value) => {
    const count = /^\d{1,9}$/.test(value) ? Number(value) : 0;
    if (count < 1 || count > most) throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
    return count;
  };
}
