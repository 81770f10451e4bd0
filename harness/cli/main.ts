// The command line's entry: builds the commands, runs one, and answers with its exit code. Commands are
// thin and import what they need only when they run, so that `--help` is quick.
import { Command } from "commander";
import { checkCommand } from "./check.ts";
import { ending } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import { initCommand } from "./init.ts";
import { planCommand } from "./plan.ts";
import { ProcessEnds } from "./process-ends.ts";
import { reportCommand } from "./report.ts";
import { runCommand } from "./run.ts";
import { schemaCommand } from "./schema.ts";
import { version } from "./version.ts";

/** Runs one command; never rejects. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = 0;
  const ends = new ProcessEnds();
  const finish = (exitCode: ExitCode): void => void (code = exitCode);
  const program = new Command("firebreak")
    .description(
      "Rehearse outages: ship a bad release into a fleet, simulated or real, and learn\nwhether the rollout strategy contained it.",
    )
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText("after", EXAMPLES);
  for (const command of [runCommand, planCommand, checkCommand, initCommand, schemaCommand, reportCommand]) {
    program.addCommand(command(finish).exitOverride().helpOption("-h, --help", "print help"));
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return await ends.settled(code);
  } catch (error) {
    const { text, code: exitCode } = ending(error);
    process.stderr.write(text);
    return ends.settled(exitCode);
  }
}

const EXAMPLES = `
Examples:
  npx firebreak init                 write a first topology and scenario
  npx firebreak plan scenario.yaml   what would run, and how busy it will be
  npx firebreak run scenario.yaml    simulate every strategy and judge it
  npx firebreak run scenario.yaml --engine live
                                     the same on real processes

Exit codes: 0 passed, 1 a verdict failed, 2 bad input (nothing ran), 3 could
not be judged, 4 nondeterministic, 70 a bug in firebreak, 130 and 143
interrupted.`;
