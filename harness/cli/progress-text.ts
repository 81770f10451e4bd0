// What progress says: one line for a log, a few lines with bars for a terminal.
import type { StudyProgress } from "../study/progress.ts";
import type { RunState } from "../study/run-state.ts";
import { isOver } from "../study/run-state.ts";
import { clockText, durationText } from "./duration-text.ts";

const NAME_WIDTH = 24;
const BAR_WIDTH = 24;

export function plainLine(progress: StudyProgress): string {
  const { scenario, engine, runs, current } = progress;
  const place = hasStopped(runs) ? "stopped" : current >= runs.length ? "done" : placeText(progress);
  return `${scenario} on ${engine}: ${place}; ${timesText(progress)}`;
}

/** At most `rows` − 1 lines of at most `columns` characters: the runs around the current one, then the times. */
export function ttyLines(progress: StudyProgress, columns: number, rows: number): string[] {
  const { scenario, engine, runs, current, note } = progress;
  const all = seedCount(runs) > 1 ? strategyLines(runs) : runs.map(runLine);
  const room = Math.max(1, Math.min(all.length, rows - 4));
  const first = Math.max(0, Math.min(current - Math.floor(room / 2), all.length - room));
  const shown = all.slice(first, first + room);
  const hidden = all.length - shown.length;
  return [
    `${headingText(scenario, engine, runs)}${hidden > 0 ? ` (${hidden} more ${hidden === 1 ? "run" : "runs"})` : ""}`,
    ...shown,
    `  ${timesText(progress)}${note === null ? "" : ` · ${note}`}`,
  ].map((line) => line.slice(0, Math.max(10, columns - 1)));
}

function headingText(scenario: string, engine: string, runs: readonly RunState[]): string {
  const seeds = seedCount(runs);
  const over = runs.filter(isOver).length;
  return `${scenario} on ${engine}${seeds > 1 ? `, ${seeds} seeds: ${over} of ${runs.length} runs` : ""}`;
}

function seedCount(runs: readonly RunState[]): number {
  return new Set(runs.map(({ seed }) => seed)).size;
}

/** The run where there is one at a time; otherwise how many are over and how many are under way. */
function placeText({ runs, current }: StudyProgress): string {
  const over = runs.filter(isOver).length;
  const underWay = runs.filter((run) => run.phase !== "waiting" && !isOver(run)).length;
  const run = runs[current]!;
  if (underWay <= 1 && seedCount(runs) === 1)
    return `${nameOf(run)} (${current + 1} of ${runs.length}), ${phaseText(run)}`;
  return `${over} of ${runs.length} runs over, ${underWay} under way`;
}

function runLine(run: RunState): string {
  return barLine(nameOf(run), shareOf(run), phaseText(run));
}

/** A line for each strategy over all its seeds: how far they are, and what they have come to. */
function strategyLines(runs: readonly RunState[]): string[] {
  const byName = new Map<string, RunState[]>();
  for (const run of runs) byName.set(run.name, [...(byName.get(run.name) ?? []), run]);
  return Array.from(byName.values(), (own) => {
    const share = own.reduce((sum, run) => sum + shareOf(run), 0) / own.length;
    return barLine(nameOf(own[0]!), share, outcomesText(own));
  });
}

function outcomesText(runs: readonly RunState[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of runs) if (outcome !== null) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  if (counts.size === 0) return `${runs.filter(isOver).length} of ${runs.length}`;
  return Array.from(counts, ([outcome, count]) => `${outcome} ${count}`).join(", ");
}

function barLine(full: string, share: number, text: string): string {
  const name = full.length > NAME_WIDTH ? `${full.slice(0, NAME_WIDTH - 1)}…` : full.padEnd(NAME_WIDTH);
  const filled = Math.round(BAR_WIDTH * share);
  return `  ${name} ${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${text}`;
}

/** Controls have an underscore in the run directory only. */
function nameOf({ name }: RunState): string {
  return name.replace(/^_/, "");
}

function phaseText({ phase, runMs, endMs, outcome }: RunState): string {
  if (outcome !== null) return outcome;
  return phase === "running" ? `${clockText(runMs)} of ${clockText(endMs)}` : phase;
}

function timesText({ runs, elapsedMs, remainingMs }: StudyProgress): string {
  const isKnown = remainingMs !== null && remainingMs > 0 && !hasStopped(runs);
  // A guess is given in whole seconds: it is no better than that.
  const left = isKnown ? `, about ${durationText(Math.max(1000, remainingMs))} left` : "";
  return `${durationText(elapsedMs)} elapsed${left}`;
}

/** A run that fails, or is interrupted, ends its study. */
function hasStopped(runs: readonly RunState[]): boolean {
  return runs.some(({ phase }) => phase === "failed");
}

function shareOf({ phase, runMs, endMs }: RunState): number {
  return phase === "done" ? 1 : endMs === 0 ? 0 : Math.min(1, Math.max(0, runMs / endMs));
}
