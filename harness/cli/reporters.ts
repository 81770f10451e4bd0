// Where results go: `--reporter name` or `--reporter name=file`. A reporter that fails is reported and never
// stops the others.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Result } from "../verdict/result.ts";
import { badArgument } from "./bad-input.ts";

/** One file gives one object or page, several files an array or pages one after the other. */
type Report = (results: readonly Result[], options: ReportOptions) => string;

export interface ReportOptions {
  /** The command that repeats the run, for people. */
  readonly command: string;
  readonly hasColor: boolean;
  /** Where the recordings are, by result; null where they were not kept. */
  readonly directories: readonly (string | null)[];
}

const REPORTERS: Readonly<Record<string, () => Promise<Report>>> = {
  console: async () => (await import("../../reports/console.ts")).consoleReport,
  json: async () => (await import("../../reports/json.ts")).jsonReport,
};

export interface Reporter {
  readonly name: string;
  /** `-` is stdout. */
  readonly destination: string;
}

/** The console alone where none is named. Throws BadInput for a name that does not exist. */
export function parseReporters(values: readonly string[]): Reporter[] {
  if (values.length === 0) return [{ name: "console", destination: "-" }];
  return values.map((value) => {
    const at = value.indexOf("=");
    const name = at < 0 ? value : value.slice(0, at);
    const destination = at < 0 ? "-" : value.slice(at + 1);
    if (!Object.hasOwn(REPORTERS, name)) {
      throw badArgument("bad-option", `there is no reporter "${name}"`, `known: ${Object.keys(REPORTERS).join(", ")}`);
    }
    if (destination === "")
      throw badArgument("bad-option", `"${value}" names no file`, `write ${name}=file, or ${name}=- for stdout`);
    return { name, destination };
  });
}

/** False where a reporter failed; what went wrong is on stderr. */
export async function report(
  reporters: readonly Reporter[],
  results: readonly Result[],
  options: ReportOptions,
): Promise<boolean> {
  let isComplete = true;
  for (const { name, destination } of reporters) {
    try {
      const write = await REPORTERS[name]!();
      const isTerminal = destination === "-" && options.hasColor;
      deliver(destination, write(results, { ...options, hasColor: isTerminal }));
    } catch (error) {
      isComplete = false;
      process.stderr.write(
        `error reporter-failed: the reporter ${name} failed: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    }
  }
  return isComplete;
}

function deliver(destination: string, text: string): void {
  if (destination === "-") {
    process.stdout.write(text);
    return;
  }
  mkdirSync(path.dirname(path.resolve(destination)), { recursive: true });
  writeFileSync(destination, text);
}
