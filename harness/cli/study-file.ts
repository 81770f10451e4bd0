// `study.json` in a run directory: what a recording does not hold and judging needs. Together with the
// recordings beside it, every report can be made again.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { OUTCOMES } from "../model/plan.ts";
import type { Expectation, Study } from "../model/plan.ts";
import { RECORDING_FILE } from "../recording/file-recording.ts";
import { makeFolder } from "../recording/folder.ts";
import { writing } from "../recording/recording-failure.ts";
import type { Distortion } from "../study/distorted.ts";
import type { Schedule } from "../study/schedule.ts";
import { badArgument } from "./bad-input.ts";

export const STUDY_FORMAT = "firebreak.study/1";

export interface StudyFile {
  readonly format: typeof STUDY_FORMAT;
  readonly scenario: string;
  readonly about: string | null;
  readonly file: string;
  readonly chapters: Study["chapters"];
  readonly facts: Study["facts"];
  /** Folders, beside this file, of the recordings of each variant and of its control. */
  readonly variants: readonly {
    readonly strategy: string | null;
    readonly recording: string;
    readonly control: string | null;
    readonly expectation: Expectation;
  }[];
  readonly distortions: readonly Distortion[];
  /** Repeats the run. */
  readonly command: string;
}

const FILE = "study.json";

/** Forgets what an earlier study left of the same runs: one that ends early must not be told with another's. Throws RecordingFailure. */
export function writeStudyFile(
  directory: string,
  study: Study,
  schedule: Schedule,
  distortions: readonly Distortion[],
  command: string,
): void {
  const { scenario, about, file, chapters, facts } = study;
  const variants = schedule.variants.map(({ variant, run, control }) => ({
    strategy: variant.plan.strategy,
    recording: schedule.runs[run]!.name,
    control: control === null ? null : schedule.runs[control]!.name,
    expectation: variant.expectation,
  }));
  const content: StudyFile = {
    format: STUDY_FORMAT,
    scenario,
    about,
    file,
    chapters,
    facts,
    variants,
    distortions,
    command,
  };
  const target = path.join(directory, FILE);
  writing(target, () => {
    makeFolder(directory);
    for (const { name } of schedule.runs) rmSync(path.join(directory, name, RECORDING_FILE), { force: true });
    writeFileSync(target, `${JSON.stringify(content, null, 2)}\n`);
  });
}

/** Throws BadInput where the folder is not that of a run. */
export function readStudyFile(directory: string): StudyFile {
  const file = path.join(directory, FILE);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw badArgument(
      "unreadable-file",
      `${file} ${why}`,
      "name a folder under .firebreak/runs, or one given to --out",
    );
  }
  const format = typeof content === "object" && content !== null && "format" in content ? content.format : null;
  if (format !== STUDY_FORMAT) {
    throw badArgument(
      "unknown-format",
      `${file} has the format "${String(format)}", this Firebreak reads "${STUDY_FORMAT}"`,
    );
  }
  const flaw = flawOf(content as Partial<Record<keyof StudyFile, unknown>>);
  if (flaw !== null) throw badArgument("broken-recording", `${file} was changed or damaged: ${flaw}`);
  return content as StudyFile;
}

/** What judging would stumble over, or null. */
function flawOf({
  scenario,
  command,
  variants,
  distortions,
}: Partial<Record<keyof StudyFile, unknown>>): string | null {
  if (typeof scenario !== "string" || typeof command !== "string") return "its scenario or its command is missing";
  if (!Array.isArray(variants) || !variants.every(isVariant)) return "its variants are not those of a study";
  const isSound = Array.isArray(distortions) && distortions.every((each) => typeof each?.warning?.message === "string");
  return isSound ? null : "its distortions are not those of a study";
}

function isVariant(value: unknown): boolean {
  const { recording, control, expectation } = (value ?? {}) as Partial<StudyFile["variants"][number]>;
  if (!isFolderName(recording) || !(control === null || isFolderName(control))) return false;
  const { expect, containment, checks } = (expectation ?? {}) as Partial<Expectation>;
  return OUTCOMES.includes(expect!) && typeof containment === "object" && containment !== null && Array.isArray(checks);
}

/** One folder beside the file, nothing elsewhere. */
function isFolderName(value: unknown): boolean {
  return typeof value === "string" && /^[\w-]+$/.test(value);
}
