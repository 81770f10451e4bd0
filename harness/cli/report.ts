// `firebreak report`: judges and reports again from a run directory, nothing run.
import { Command } from "commander";
import type { ExitCode } from "./exit.ts";
import { collect } from "./study-options.ts";

export function reportCommand(finish: (code: ExitCode) => void): Command {
  return new Command("report")
    .description("judge and report again from the recordings of a run")
    .argument("<run-folders...>", "folders under .firebreak/runs, or given to --out")
    .option("--reporter <name[=file]>", "console or json, to a file or stdout (repeatable)", collect, [])
    .action(async (folders: string[], options: { readonly reporter: readonly string[] }) => {
      const { reportAgain } = await import("./report-again.ts");
      finish(await reportAgain(folders, options.reporter));
    });
}
