// What a user got wrong, thrown to end a command before anything ran. Mapped to exit code 2 in exit.ts.
import type { Problem } from "../model/problem.ts";

export class BadInput extends Error {
  override readonly name = "BadInput";
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join("; "));
    this.problems = problems;
  }
}

/** A mistake on the command line itself, which has no place in a file. */
export function badArgument(code: string, message: string, hint: string | null = null): BadInput {
  return new BadInput([{ code, severity: "error", message, hint, place: null }]);
}
