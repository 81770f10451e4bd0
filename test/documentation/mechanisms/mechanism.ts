// One row of docs/mechanisms.md: a mechanism, the words that ask for it, and where each claim about it is shown.

/** A file of this repository (`scenarios/…yaml#strategy` names one of its variants), or why there is none. */
export type Evidence = string | { readonly none: string };

export interface Mechanism {
  readonly name: string;
  /** Words of the language, by family and key: `service.cache`, `call.retry.budget`, `fault.crash`. */
  readonly words: readonly string[];
  /** The test of the machine, or of its composition, in virtual time. */
  readonly sim: Evidence;
  /** A test on real processes, or of what carries it there. */
  readonly live: Evidence;
  /** A test against theory, against the library that defines it, or against its documented sequences. */
  readonly theory: Evidence;
  /** A shipped scenario that shows what it does to a cascade. */
  readonly scenario: Evidence;
}

/** Both engines drive the same machine through harness/actor: there is nothing of it in `live` to test apart. */
export const SAME_MACHINE: Evidence = { none: "the same machine in the same actor, no code of its own" };

/**
 * Its scenario is run on both engines, and comes to the same outcome: the row is in docs/evidence/mechanisms-live.md.
 */
export const BOTH_ENGINES: Evidence = "test/verify/mechanisms-live.test.ts";

/** It does what it is told to, and nobody has a formula or a library for it. */
export const NO_THEORY: Evidence = { none: "a rule, not a law: its unit test is its definition" };
