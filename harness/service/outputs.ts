// What an instance asks of its owner, in order: the owner takes everything after each thing it has told the instance.
import { IntRing } from "../core/int-ring.ts";

/** Nothing more. Else an output is `reference × 4 + kind`. */
export const NONE = -1;
/** `reference` is a strand: begin the call of its node, then store the call's slot in `strands.call`. */
export const BEGIN_CALL = 0;
/** `reference` is a call slot: its result is no longer wanted. */
export const DROP_CALL = 1;
/** `reference` is a visit: answer it, then release it. */
export const END_VISIT = 2;

export class Outputs {
  readonly #outputs = new IntRing();

  push(kind: typeof BEGIN_CALL | typeof DROP_CALL | typeof END_VISIT, reference: number): void {
    this.#outputs.push(reference * 4 + kind);
  }

  take(): number {
    return this.#outputs.length === 0 ? NONE : this.#outputs.shift();
  }
}
