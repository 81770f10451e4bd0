// What calls have decided and what was not carried out yet, in order: nothing leaves before the event that led to it is
// through, so that a request that ends at once takes back what had not left. Hot code.
import { assert } from "../../core/assert.ts";
import * as VISIT from "./fields/visit.ts";
import { NONE } from "./fields/widths.ts";
import { COUNT, INT, OUTPUTS, OUTPUTS_HEAD, OUTPUTS_MASK, OUTPUTS_TAIL, SENDING } from "./memory.ts";

/** Kinds, in the lowest bits of a record's handle. */
export const SEND = 0;
export const GIVE_UP = 1;
export const END = 2;
export const KINDS = 3;

/** An attempt is to leave. It is kept apart while it is all there is to carry out, which spares the way through the ring. */
export function putOutSend(call: number): void {
  if (COUNT[SENDING] === NONE && COUNT[OUTPUTS_HEAD] === COUNT[OUTPUTS_TAIL]) COUNT[SENDING] = call;
  else putOut(call | SEND);
}

/** `output`: record | kind. It is for the record as it is now: once that has another serial nothing comes of it. */
export function putOut(output: number): void {
  const sending = COUNT[SENDING]!;
  if (sending !== NONE) {
    COUNT[SENDING] = NONE;
    append(sending | SEND);
  }
  append(output);
}

function append(output: number): void {
  const tail = COUNT[OUTPUTS_TAIL]!;
  OUTPUTS[tail] = output;
  OUTPUTS[tail + 1] = INT[(output & ~KINDS) + VISIT.serial]!;
  COUNT[OUTPUTS_TAIL] = (tail + 2) & OUTPUTS_MASK;
  assert(COUNT[OUTPUTS_TAIL] !== COUNT[OUTPUTS_HEAD], "one event decides less than there are records");
}
