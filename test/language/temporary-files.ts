// Files that a test writes for itself, and what loading them gives.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadStudy, type Loaded, type LoadOptions } from "../../harness/language/load-study.ts";
import type { Variant } from "../../harness/model/plan.ts";
import { asWritten } from "./as-written.ts";

/** Writes the files into a folder of their own and loads the first. */
export function load(files: Readonly<Record<string, string | Uint8Array>>, options: Partial<LoadOptions> = {}): Loaded {
  return withFiles(files, (first) => loadStudy(first, { ...asWritten, ...options }));
}

/** Writes the files into a folder of their own, which is gone after `use` of the first. */
export function withFiles<T>(files: Readonly<Record<string, string | Uint8Array>>, use: (first: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "firebreak-language-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  try {
    return use(join(folder, Object.keys(files)[0]!));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The variants of a scenario that must be sound; warnings may be. */
export function variantsOf(
  files: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
): readonly Variant[] {
  const { study, problems } = load(files, options);
  if (study === null) throw new Error(problems.map(({ place, message }) => `${place?.line}: ${message}`).join("\n"));
  return study.variants;
}
