// How the counters of a process are made where a run may be on tape: what was counted is an answer of its machines.
import { taped } from "../core/tape.ts";
import type { Tape } from "../core/tape.ts";
import type { Plan } from "../model/plan.ts";
import { layoutOf } from "./layout.ts";
import { Tally } from "./tally.ts";

/** `tape`: null = none, at no cost. */
export function tallyOf(plan: Plan, tape: Tape | null): Tally {
  if (tape === null) return new Tally(layoutOf(plan));
  const name = "tally";
  tape.write(["make", name, name, null]);
  return taped(tape, name, new Tally(layoutOf(plan)), ["close"]);
}
