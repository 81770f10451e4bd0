// `firebreak init`: a small topology and scenario, commented, to start from.
import { Command } from "commander";
import { EXIT } from "../core/codes.ts";
import { quoted } from "./command-line.ts";
import type { ExitCode } from "./exit.ts";

export function initCommand(finish: (code: ExitCode) => void): Command {
  return new Command("init")
    .description("write a small topology and scenario to start from")
    .argument("[folder]", "where to", ".")
    .action(async (folder: string) => {
      const { writeFirstScenario } = await import("./first-scenario.ts");
      const { topology, scenario } = writeFirstScenario(folder);
      process.stdout.write(`wrote ${topology}\nwrote ${scenario}\n\nnext: npx firebreak run ${quoted(scenario)}\n`);
      finish(EXIT.passed);
    });
}
