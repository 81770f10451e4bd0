// Where results go: `--reporter name` or `--reporter name=file`. A reporter that fails is reported and never
// stops the others.
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { ReportOptions } from "../../reports/report-options.ts";
import { makeFolder } from "../recording/folder.ts";
import type { Result } from "../verdict/result.ts";
import { badArgument } from "./bad-input.ts";
import { problemsText } from "./problem-text.ts";

/** One file gives one object or page, several files an array or pages one after the other. */
type Report = (results: readonly Result[], options: ReportOptions) => string;

const REPORTERS: Readonly<Record<string, () => Promise<Report>>> = {
  console: async () => (await import("../../reports/console.ts")).consoleReport,
  json: async () => (await import("../../reports/json.ts")).jsonReport,
};

export interface Reporter {
  readonly name: string;
  /** `-` is stdout. */
  readonly destination: string;
}

/** What one study gave: its result (null where nothing could be judged) and where its recordings are. */
export interface Reportable {
  readonly result: Result | null;
  readonly directory: string | null;
  /** Repeats the run. */
  readonly command: string;
}

/** The console alone where none is named. Throws BadInput for what cannot work: two reports in one place would be neither. */
export function parseReporters(values: readonly string[]): Reporter[] {
  if (values.length === 0) return [{ name: "console", destination: "-" }];
  const taken = new Map<string, string>();
  return values.map((value) => {
    const at = value.indexOf("=");
    const name = at < 0 ? value : value.slice(0, at);
    const destination = at < 0 ? "-" : value.slice(at + 1);
    if (!Object.hasOwn(REPORTERS, name)) {
      throw badArgument("bad-option", `there is no reporter "${name}"`, `known: ${Object.keys(REPORTERS).join(", ")}`);
    }
    if (destination === "") {
      throw badArgument("bad-option", `"${value}" names no file`, `write ${name}=file, or ${name}=- for stdout`);
    }
    const place = destination === "-" ? destination : path.resolve(destination);
    const other = taken.get(place);
    if (other !== undefined) {
      const where = destination === "-" ? "stdout" : destination;
      throw badArgument(
        "bad-option",
        `${other} and ${name} both write to ${where}`,
        `write one to a file: ${name}=file`,
      );
    }
    taken.set(place, name);
    return { name, destination };
  });
}

/** `isSeveral` even where only one could be judged. False where a reporter failed; what went wrong is on stderr. */
export async function report(
  reporters: readonly Reporter[],
  studies: readonly Reportable[],
  isSeveral: boolean,
): Promise<boolean> {
  const judged = studies.filter((study): study is Reportable & { result: Result } => study.result !== null);
  if (judged.length === 0) return true;
  const results = judged.map(({ result }) => result);
  const directories = judged.map(({ directory }) => directory);
  const commands = judged.map(({ command }) => command);
  let isComplete = true;
  for (const { name, destination } of reporters) {
    const isTerminal = destination === "-" && process.stdout.isTTY;
    const options: ReportOptions = {
      commands,
      directories,
      isSeveral,
      hasColor: isTerminal && !process.env["NO_COLOR"],
      columns: isTerminal ? process.stdout.columns : undefined,
    };
    try {
      deliver(destination, (await REPORTERS[name]!())(results, options));
    } catch (error) {
      isComplete = false;
      const why = error instanceof Error ? error.message : String(error);
      const message = `the reporter ${name}=${destination} failed: ${why}`;
      process.stderr.write(
        problemsText([{ code: "reporter-failed", severity: "error", message, hint: null, place: null }]),
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
  makeFolder(path.dirname(path.resolve(destination)));
  writeFileSync(destination, text);
}
