// The request-path disturbances that concern one place on one way (into an instance or out of it, to a callee or back),
// as a machine: asked for each request, it answers how long to hold it and what to make of it. Absent faults cost one
// length check.
import { FaultInPath, type Disturbed } from "./fault-in-path.ts";
import { PASS } from "./fate.ts";

/** Salts what must be drawn anew on the way back. */
const WAY_BACK = 0x2c1b3c6d;

export class InPath {
  #faults: readonly FaultInPath[] = [];
  readonly #salt: number;
  /** After `hit`: how long to hold the request, and its fate (PASS, an error status, or another of fate.ts). */
  delayMs = 0;
  fate = PASS;
  /** The answer has begun, and what is held up is its body. */
  isDripping = false;

  /** `isWayBack`: it is asked for answers. */
  constructor(isWayBack = false) {
    this.#salt = isWayBack ? WAY_BACK : 0;
  }

  get isClear(): boolean {
    return this.#faults.length === 0;
  }

  /** The words in force from now on; those of one fault stand together. A fault that goes on goes on counting. */
  set(disturbed: readonly Disturbed[]): void {
    const before = this.#faults;
    const timelines = [...new Set(disturbed.map(({ timeline }) => timeline))];
    this.#faults = timelines.map((timeline) => {
      const words = disturbed.filter((each) => each.timeline === timeline);
      return new FaultInPath(
        words,
        this.#salt,
        before.find((each) => each.isSame(words[0]!)),
      );
    });
  }

  /**
   * Decides for one request, by its key; true if it is held up or stopped. Delays add up; the first fate wins.
   * `count` receives the row of each fault that hit, once. `target`: the instance it goes to; −1 where the place is
   * that instance. `headers`: what it carries.
   */
  hit(
    nowMs: number,
    high: number,
    low: number,
    operation: number,
    variant: number,
    target: number,
    headers: number,
    count: (faultRow: number) => void,
  ): boolean {
    this.delayMs = 0;
    this.fate = PASS;
    this.isDripping = false;
    for (const fault of this.#faults) {
      if (!fault.hit(nowMs, high, low, operation, variant, target, headers)) continue;
      this.delayMs += fault.delayMs;
      if (this.fate === PASS) this.fate = fault.fate;
      if (fault.isDripping) this.isDripping = true;
      count(fault.faultRow);
    }
    return this.delayMs > 0 || this.fate !== PASS;
  }
}
