// The files that a command was given: names and globs, in the order given, each once.
import { existsSync } from "node:fs";
import { glob } from "node:fs/promises";
import type { Problem } from "../model/problem.ts";
import { BadInput } from "./bad-input.ts";

/** A name that exists is itself, even where it looks like a pattern. Every pattern must match something. */
export async function inputFiles(patterns: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  const problems: Problem[] = [];
  for (const pattern of patterns) {
    const matches = existsSync(pattern) ? [pattern] : await expand(pattern);
    if (matches.length === 0) problems.push(noSuchFile(pattern));
    for (const file of matches) files.add(file);
  }
  if (problems.length > 0) throw new BadInput(problems);
  return [...files];
}

async function expand(pattern: string): Promise<string[]> {
  if (!isGlob(pattern)) return [];
  const matches: string[] = [];
  for await (const file of glob(pattern)) {
    if (/\.ya?ml$/.test(file)) matches.push(file);
  }
  return matches.sort((a, b) => (a < b ? -1 : 1));
}

function noSuchFile(pattern: string): Problem {
  return {
    code: "no-such-file",
    severity: "error",
    message: isGlob(pattern) ? `no YAML file matches "${pattern}"` : `there is no file "${pattern}"`,
    hint: isGlob(pattern) ? null : 'start with "npx firebreak init", which writes a first scenario',
    place: null,
  };
}

function isGlob(pattern: string): boolean {
  return /[*?[{]/.test(pattern);
}
