// The options that say which runs a scenario gives: shared by `run`, `plan` and `check`.
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";

/** As commander hands them over. */
export interface StudyOptions {
  readonly engine: "sim" | "live";
  readonly seed?: number;
  readonly strategy: readonly string[];
  readonly var: Readonly<Record<string, string>>;
  readonly strict: boolean;
  readonly scale?: number;
  readonly compress?: number;
}

export function withStudyOptions(command: Command): Command {
  return command
    .addOption(new Option("--engine <name>", "simulate, or run real processes").choices(["sim", "live"]).default("sim"))
    .option("--seed <number>", "another seed than the scenario's", integer)
    .option("--strategy <name>", "only this strategy (repeatable)", collect, [])
    .option("--var <name=value>", "set a variable of the scenario (repeatable)", collectVariable, {})
    .option("--scale <ratio>", "share of replicas and load, such as 10%", ratio)
    .option("--compress <factor>", "divide control durations (pauses, windows, people) by this", factor)
    .option("--strict", "treat warnings as errors", false);
}

export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function collectVariable(value: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = value.indexOf("=");
  if (at < 1) throw new InvalidArgumentError('Write it as "name=value".');
  return { ...before, [value.slice(0, at)]: value.slice(at + 1) };
}

function integer(value: string): number {
  if (!/^-?\d{1,15}$/.test(value)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(value);
}

function ratio(value: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(value);
  const number = match === null ? Number.NaN : Number(match[1]) / (match[2] === "%" ? 100 : 1);
  if (!(number > 0 && number <= 1))
    throw new InvalidArgumentError('It must be above 0 and at most 100%, such as "10%" or "0.1".');
  return number;
}

function factor(value: string): number {
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= 1 && number <= 1000)) throw new InvalidArgumentError("It must be a number from 1 to 1000.");
  return number;
}
