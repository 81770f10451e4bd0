// What progress says: one line for a log, a few lines with bars for a terminal.
import type { RunState, StudyProgress } from "../study/progress.ts";
import { clockText, durationText } from "./duration-text.ts";

const NAME_WIDTH = 24;
const BAR_WIDTH = 24;

export function plainLine(progress: StudyProgress): string {
  const { scenario, engine, runs, current } = progress;
  const run = runs[Math.min(current, runs.length - 1)]!;
  const isFailed = runs.some(({ phase }) => phase === "failed");
  const place = isFailed
    ? "stopped"
    : current >= runs.length
      ? "done"
      : `${nameOf(run)} (${current + 1} of ${runs.length}), ${phaseText(run)}`;
  return `${scenario} on ${engine}: ${place}; ${timesText(progress)}`;
}

/** At most `rows` − 1 lines of at most `columns` characters: the runs around the current one, then the times. */
export function ttyLines(progress: StudyProgress, columns: number, rows: number): string[] {
  const { scenario, engine, runs, current, note } = progress;
  const room = Math.max(1, Math.min(runs.length, rows - 4));
  const first = Math.max(0, Math.min(current - Math.floor(room / 2), runs.length - room));
  const shown = runs.slice(first, first + room);
  const hidden = runs.length - shown.length;
  return [
    `${scenario} on ${engine}${hidden > 0 ? ` (${hidden} more runs)` : ""}`,
    ...shown.map(runLine),
    `  ${timesText(progress)}${note === null ? "" : ` · ${note}`}`,
  ].map((line) => line.slice(0, Math.max(10, columns - 1)));
}

function runLine(run: RunState): string {
  const full = nameOf(run);
  const name = full.length > NAME_WIDTH ? `${full.slice(0, NAME_WIDTH - 1)}…` : full.padEnd(NAME_WIDTH);
  const filled = Math.round(BAR_WIDTH * shareOf(run));
  return `  ${name} ${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${phaseText(run)}`;
}

/** Controls have an underscore in the run directory only. */
function nameOf({ name }: RunState): string {
  return name.replace(/^_/, "");
}

function phaseText({ phase, runMs, endMs, outcome }: RunState): string {
  if (outcome !== null) return outcome;
  return phase === "running" ? `${clockText(runMs)} of ${clockText(endMs)}` : phase;
}

function timesText({ elapsedMs, remainingMs }: StudyProgress): string {
  const isKnown = remainingMs !== null && remainingMs > 0;
  // A guess is given in whole seconds: it is no better than that.
  const left = isKnown ? `, about ${durationText(Math.max(1000, remainingMs))} left` : "";
  return `${durationText(elapsedMs)} elapsed${left}`;
}

function shareOf({ phase, runMs, endMs }: RunState): number {
  return phase === "done" ? 1 : endMs === 0 ? 0 : Math.min(1, Math.max(0, runMs / endMs));
}
