// The one table of errors: every code that a user can meet, what it is called, and how the command that meets it ends.
// Each has its section in docs/errors.md. A code exists only if somebody can react to it.

/** How a command ends; 130 and 143 (interrupted, terminated) are the shell's own convention. */
export const EXIT = { passed: 0, failed: 1, badInput: 2, notJudged: 3, nondeterministic: 4, bug: 70 } as const;

export interface ErrorCode {
  /** What is wrong, without the particulars; the heading in docs/errors.md. */
  readonly title: string;
  /** The exit code of a command that ends because of it; for a warning, with `--strict`. */
  readonly exit: (typeof EXIT)[keyof typeof EXIT] | 130;
}

export const CODES = {
  // What is wrong with the text of a file
  "no-such-file": { title: "No file matches", exit: EXIT.badInput },
  "unreadable-file": { title: "A file cannot be read", exit: EXIT.badInput },
  "file-too-large": { title: "A file is larger than 1 MiB", exit: EXIT.badInput },
  "bad-yaml": { title: "A file is not YAML that can be understood", exit: EXIT.badInput },
  "duplicate-key": { title: "A key is written twice in one map", exit: EXIT.badInput },
  "too-deep": { title: "A file is nested too deeply", exit: EXIT.badInput },
  "alias-bomb": { title: "Aliases multiply the file beyond all measure", exit: EXIT.badInput },
  "too-many-problems": { title: "There are more problems than are worth printing", exit: EXIT.badInput },

  // What is wrong with a value
  "wrong-type": { title: "A value is of another kind than expected", exit: EXIT.badInput },
  "missing-key": { title: "A required key is missing", exit: EXIT.badInput },
  "unknown-key": { title: "A key does not exist", exit: EXIT.badInput },
  "unknown-name": { title: "A name refers to nothing", exit: EXIT.badInput },
  "bad-name": { title: "A name is spelled in a way that addresses cannot carry", exit: EXIT.badInput },
  "bad-time": { title: "A time is not written as a number with a unit", exit: EXIT.badInput },
  "bad-ratio": { title: "A ratio is not written as a number or a percentage", exit: EXIT.badInput },
  "bad-rate": { title: "A rate is not written as a number per time", exit: EXIT.badInput },
  "bad-size": { title: "A size is not written as a number of bytes with a unit", exit: EXIT.badInput },
  "bad-count": { title: "A count is not a whole number", exit: EXIT.badInput },
  "bad-amount": { title: "An amount is neither a count nor a share", exit: EXIT.badInput },
  "bad-value": { title: "A value is not one of those that are possible", exit: EXIT.badInput },
  "out-of-range": { title: "A value is outside its limits", exit: EXIT.badInput },
  "not-supported-yet": { title: "A part of the language is not supported yet", exit: EXIT.badInput },

  // What does not fit together
  "endless-calls": { title: "Operations call each other without end", exit: EXIT.badInput },
  "unknown-metric": { title: "A metric does not exist", exit: EXIT.badInput },
  "over-limit": { title: "The fleet is larger than the documented limits", exit: EXIT.badInput },
  "no-effect": { title: "A part of a strategy could never have an effect", exit: EXIT.badInput },
  "patch-to-nothing": { title: "A change is made to what does not exist", exit: EXIT.badInput },
  "scale-does-not-fit": { title: "A service cannot be shrunk that far", exit: EXIT.badInput },
  "extends-circle": { title: "Files or strategies extend each other in a circle", exit: EXIT.badInput },

  // What is probably not what was meant
  "no-room-for-retries": { title: "A timeout leaves no room for the retries it covers", exit: EXIT.badInput },
  "timeout-too-short": { title: "A timeout is shorter than the work it waits for", exit: EXIT.badInput },
  "retry-product": { title: "Retries on several tiers multiply", exit: EXIT.badInput },
  "call-circle": { title: "Services call each other in a circle", exit: EXIT.badInput },
  "unfinished-strategy": { title: "A strategy cannot finish inside the duration", exit: EXIT.badInput },
  "no-team": { title: "A service has no team", exit: EXIT.badInput },
  "same-strategies": { title: "Nothing distinguishes two strategies", exit: EXIT.badInput },

  // The command line and the run directory
  "bad-option": { title: "An option or argument cannot be understood", exit: EXIT.badInput },
  "nothing-to-run": { title: "No strategy is left to run", exit: EXIT.badInput },
  "unknown-format": { title: "A recording or report is of another format", exit: EXIT.badInput },
  "broken-recording": { title: "A recording was changed or damaged", exit: EXIT.badInput },
  "not-writable": { title: "Output cannot be written", exit: EXIT.notJudged },
  "file-exists": { title: "A file that would be written is already there", exit: EXIT.badInput },
  "reporter-failed": { title: "A reporter could not write its report", exit: EXIT.notJudged },
  nondeterministic: { title: "Two simulated runs of the same plan and seed differ", exit: EXIT.nondeterministic },
  "internal-error": { title: "The program contradicted itself", exit: EXIT.bug },

  // The live fleet
  "does-not-fit": { title: "The fleet needs more than this machine can carry", exit: EXIT.badInput },
  "tight-fit": { title: "The fleet needs most of what this machine can carry", exit: EXIT.badInput },
  "too-few-requests": { title: "A gate sees too few requests to decide by", exit: EXIT.badInput },
  distorted: { title: "The shrunken rehearsal is not the real one", exit: EXIT.badInput },
  "fleet-not-started": { title: "The fleet did not become ready", exit: EXIT.notJudged },
  "executable-missing": { title: "The executable of an instance cannot be started", exit: EXIT.notJudged },
  "exited-at-once": { title: "An instance exited before it was ready", exit: EXIT.notJudged },
  "fleet-lost": { title: "A process of the fleet ended that nobody had asked to", exit: EXIT.notJudged },
  "fleet-stalled": { title: "A process of the live run stood still", exit: EXIT.notJudged },
  "late-starts": { title: "Instances of the live run took longer to start than the plan says", exit: EXIT.notJudged },
  "generator-saturated": { title: "The load generator could not keep up", exit: EXIT.notJudged },

  // What makes a verdict less certain than it looks
  interrupted: { title: "A run or a study was stopped before its end", exit: 130 },
  "missing-numbers": { title: "A process of the fleet did not report for a part of the run", exit: EXIT.notJudged },
  "no-steady-state": { title: "There is nothing from before the trigger to compare with", exit: EXIT.notJudged },
  "needs-control": {
    title: "Without a control run, the background's harm counts as the trigger's",
    exit: EXIT.notJudged,
  },
} as const satisfies Record<string, ErrorCode>;

export type Code = keyof typeof CODES;
