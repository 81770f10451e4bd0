// Progress on stderr, in the four ways of `--progress`. Results never go here, and progress never to stdout.
import type { StudyProgress } from "../study/progress.ts";
import { unreachable } from "../core/assert.ts";
import { LiveLines } from "./live-lines.ts";
import type { ProgressKind } from "./progress-kind.ts";
import { plainLine, ttyLines } from "./progress-text.ts";

export interface ProgressDisplay {
  readonly show: (progress: StudyProgress) => void;
  /** Leaves the screen as it should stay. */
  readonly close: () => void;
}

/** Intervals of wall time between two updates of the same run. */
const TTY_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 5000;
const JSON_INTERVAL_MS = 500;

export function progressDisplay(kind: ProgressKind, stream: NodeJS.WriteStream): ProgressDisplay {
  switch (kind) {
    case "auto":
      return progressDisplay(stream.isTTY ? "tty" : "plain", stream);
    case "tty": {
      const lines = new LiveLines(stream);
      return throttled(
        TTY_INTERVAL_MS,
        phases,
        (progress) => lines.draw(ttyLines(progress, lines.columns, lines.rows)),
        () => lines.keep(),
      );
    }
    case "plain":
      return throttled(PLAIN_INTERVAL_MS, isOver, (progress) => stream.write(`${plainLine(progress)}\n`));
    case "json":
      return throttled(JSON_INTERVAL_MS, phases, (progress) =>
        stream.write(`${JSON.stringify({ type: "progress", ...progress })}\n`),
      );
    case "quiet":
      return { show: () => {}, close: () => {} };
    default:
      return unreachable(kind);
  }
}

/** Of more runs than this nobody follows each, and telling all of every one would take longer than running them. */
const FOLLOWED_RUNS = 50;

/** What a terminal or a program wants to hear of at once: every run that begins, ends or is judged. */
function phases(progress: StudyProgress): string {
  const { runs } = progress;
  if (runs.length > FOLLOWED_RUNS) return isOver(progress);
  return runs.map(({ phase, outcome }) => `${phase} ${outcome}`).join();
}

/** What a log wants to hear of at once: that a study begins or ends, one way or the other. */
function isOver({ current, runs }: StudyProgress): string {
  return String(current === runs.length || runs.some(({ phase }) => phase === "failed"));
}

/** Shows at once when the study or its state is another one, otherwise at most once per interval. */
function throttled(
  intervalMs: number,
  stateOf: (progress: StudyProgress) => string,
  show: (progress: StudyProgress) => void,
  close: () => void = () => {},
): ProgressDisplay {
  let shownMs = -Infinity;
  let shownState = "";
  return {
    show(progress) {
      // The clock starts again with every study.
      if (progress.elapsedMs < shownMs) shownState = "";
      const state = `${progress.scenario} ${progress.engine} ${stateOf(progress)}`;
      if (state === shownState && progress.elapsedMs - shownMs < intervalMs) return;
      shownMs = progress.elapsedMs;
      shownState = state;
      show(progress);
    },
    close,
  };
}
