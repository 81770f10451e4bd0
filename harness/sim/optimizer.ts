// How V8's optimizing compiler treats a simulation. It says nothing about what a run comes to.
import v8 from "node:v8";

/**
 * An event passes through many small functions, more than V8 makes one piece of by itself (920, 460 and 4600 bytes of
 * bytecode). In order: together, each, and with what the inlined ones inline.
 */
interface Inlining {
  readonly cumulative: number;
  readonly each: number;
  readonly absolute: number;
}

/** The flat simulator is a few large loops, and gains up to half. */
export const FOR_FLAT: Inlining = { cumulative: 20_000, each: 3_000, absolute: 60_000 };

/** The actors gain a fifth; with more, what they gain is spent on compiling them. */
export const FOR_ACTORS: Inlining = { cumulative: 8_000, each: 1_500, absolute: 20_000 };

/**
 * So often a function is called before it is compiled to the end; V8 would take 3,000. Then it has seen more of what
 * there is to see, and less has to be compiled again when a fault or a release leads a run to places where none was
 * before: of a study of releases a third of the compiler's time is left, and no simulation was seen to become slower.
 */
const CALLS_BEFORE_OPTIMIZING = 100_000;

/** For what is compiled from now on, in all threads of this process; so it comes before a run. */
export function setOptimizer({ cumulative, each, absolute }: Inlining): void {
  v8.setFlagsFromString(`--invocation-count-for-turbofan=${CALLS_BEFORE_OPTIMIZING}`);
  v8.setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${cumulative}`);
  v8.setFlagsFromString(`--max-inlined-bytecode-size=${each}`);
  v8.setFlagsFromString(`--max-inlined-bytecode-size-absolute=${absolute}`);
}
