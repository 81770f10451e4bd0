// Assertions for our own bugs. A user's mistake is never an assertion: it is a located problem.

/** Thrown when the program contradicts itself; the command line maps it to exit code 70. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** States an invariant; `why` says why it must hold. Stays on in production. */
export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new AssertionError(why);
}

/** Ends a switch over a union: the compiler proves that it is never reached. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable value ${JSON.stringify(value)}`);
}
