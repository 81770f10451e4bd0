// `seeds.json` in the run directory of several seeds: which there are, so that they can be reported together again.
// Beside it stands a folder for each seed, which is the run directory of that seed alone.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../recording/folder.ts";
import { writing } from "../recording/recording-failure.ts";
import { badArgument } from "./bad-input.ts";

const SEEDS_FORMAT = "firebreak.seeds/1";

export interface SeedsFile {
  readonly format: typeof SEEDS_FORMAT;
  /** Folders beside this file, in the order of the seeds. */
  readonly folders: readonly string[];
  /** Share (0..1) of the seeds in which a variant must pass. */
  readonly seedsToPass: number;
  /** Repeats the run. */
  readonly command: string;
}

const FILE = "seeds.json";

/** The folder of one seed among several. */
export function seedFolder(seed: number): string {
  return `seed-${seed}`;
}

/** Throws RecordingFailure. */
export function writeSeedsFile(
  directory: string,
  seeds: readonly number[],
  seedsToPass: number,
  command: string,
): void {
  const content: SeedsFile = { format: SEEDS_FORMAT, folders: seeds.map(seedFolder), seedsToPass, command };
  const target = path.join(directory, FILE);
  writing(target, () => {
    makeFolder(directory);
    writeFileSync(target, `${JSON.stringify(content, null, 2)}\n`);
  });
}

/** The folder is that of one seed now, whatever was kept there before. Throws RecordingFailure. */
export function removeSeedsFile(directory: string): void {
  const target = path.join(directory, FILE);
  writing(target, () => rmSync(target, { force: true }));
}

/** Null where the folder is not that of several seeds. Throws BadInput where the file is not what was written. */
export function readSeedsFile(directory: string): SeedsFile | null {
  const file = path.join(directory, FILE);
  if (!existsSync(file)) return null;
  const content = parsed(file);
  if (content?.format !== SEEDS_FORMAT) {
    throw badArgument(
      "unknown-format",
      `${file} has the format "${String(content?.format)}", this Firebreak reads "${SEEDS_FORMAT}"`,
    );
  }
  const { folders, seedsToPass, command } = content;
  const isSound =
    Array.isArray(folders) &&
    folders.every((name) => typeof name === "string" && /^seed--?\d+$/.test(name)) &&
    typeof seedsToPass === "number" &&
    typeof command === "string";
  if (!isSound) throw badArgument("broken-recording", `${file} was changed or damaged`);
  return content as SeedsFile;
}

function parsed(file: string): Partial<SeedsFile> | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Partial<SeedsFile> | null;
  } catch (error) {
    const why = error instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw badArgument("unreadable-file", `${file} ${why}`);
  }
}
