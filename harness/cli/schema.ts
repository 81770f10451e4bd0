// `firebreak schema`: the JSON Schema of the language, for editors.
import { Argument, Command } from "commander";
import { EXIT } from "../core/codes.ts";
import type { ExitCode } from "./exit.ts";

export function schemaCommand(finish: (code: ExitCode) => void): Command {
  return new Command("schema")
    .description("print the JSON Schema of a topology or scenario file, for editors")
    .addArgument(new Argument("<kind>", "which of the two files").choices(["topology", "scenario"]))
    .action(async (kind: "topology" | "scenario") => {
      const { jsonSchema } = await import("../language/json-schema.ts");
      process.stdout.write(`${JSON.stringify(jsonSchema(kind), null, 2)}\n`);
      finish(EXIT.passed);
    });
}
