// Tells machines again what a tape says they were told. They are made on a tape of their own, so that what comes out
// needs only be compared with what is there.
import { loadActor, serviceActor } from "../actor/taped-actor.ts";
import type { LoadActorOptions } from "../actor/load-actor.ts";
import type { ServiceActorOptions } from "../actor/service-actor.ts";
import type { Transport } from "../actor/transport.ts";
import { assert } from "../core/assert.ts";
import { readTapeText, tapeText } from "../core/tape.ts";
import type { Tape, TapeLine } from "../core/tape.ts";
import type { CarePort } from "../engine/care-port.ts";
import type { FleetPort } from "../engine/fleet-port.ts";
import { conductorOf } from "../engine/taped-conductor.ts";
import type { Plan } from "../model/plan.ts";
import type { Tally } from "../signals/tally.ts";
import { tallyOf } from "../signals/taped-tally.ts";

export interface Replay {
  /** How often machines were told something, and how many answers were the same. */
  readonly told: number;
  readonly answers: number;
  /** The first line (from 1) that differs, as it was and as it is now; null = none did. A text is null where there is no such answer. */
  readonly difference: { readonly line: number; readonly was: string | null; readonly is: string | null } | null;
}

/** Replays the lines of one tape, by the plan that it begins with or by what `change` makes of that. */
export function replayTape(tape: readonly string[], change: (plan: Plan) => Plan = (plan) => plan): Replay {
  const heard: string[] = [];
  const [word, plan] = readTapeText(tape[0] ?? "null") ?? [];
  assert(word === "plan", "a tape begins with the plan of its run");
  const troupe = new Troupe(change(plan as Plan), { write: (line) => void heard.push(tapeText(line)) });
  let [told, answers] = [0, 0];
  for (let at = 1; at < tape.length;) {
    heard.length = 0;
    const line = readTapeText(tape[at]!);
    troupe.play(line);
    for (const [index, is] of heard.entries())
      if (tape[at + index] !== is)
        return { told, answers, difference: { line: at + index + 1, was: tape[at + index] ?? null, is } };
    at += heard.length;
    if (line[0] === "tell") told++;
    answers += heard.length - 1;
    const next = tape[at];
    if (next !== undefined && readTapeText(next)[0] === "answer")
      return { told, answers, difference: { line: at + 1, was: next, is: null } };
  }
  return { told, answers, difference: null };
}

/** A port at which nothing happens: all that it hears is on the tape. */
const NOWHERE = new Proxy({}, { get: () => () => {} }) as Transport & FleetPort & CarePort;

/** The machines of one process. */
class Troupe {
  readonly #plan: Plan;
  readonly #tape: Tape;
  readonly #machines = new Map<string, object>();
  #tally: Tally | null = null;

  constructor(plan: Plan, tape: Tape) {
    this.#plan = plan;
    this.#tape = tape;
  }

  play(line: TapeLine): void {
    const [word, name] = line;
    if (word === "make") return void this.#machines.set(name, this.#make(line[2], line[3]));
    assert(word === "tell", "answers follow what machines were told");
    const machine = this.#machines.get(name);
    const method: unknown = machine === undefined ? undefined : Reflect.get(machine, line[2]);
    assert(typeof method === "function", `${name} was made before, and can be told ${line[2]}`);
    (method as (...given: readonly unknown[]) => unknown)(...line[3]);
  }

  #make(kind: string, details: unknown): object {
    const tape = this.#tape;
    if (kind === "tally") return (this.#tally = tallyOf(this.#plan, tape));
    if (kind === "conductor") return conductorOf(this.#plan, NOWHERE, tape);
    assert(this.#tally !== null, "the counters of a process are made before its actors");
    const around = { plan: this.#plan, tally: this.#tally, transport: NOWHERE };
    if (kind === "service") return serviceActor({ ...around, ...(details as Made<ServiceActorOptions>) }, tape);
    assert(kind === "load", `a ${kind} is no machine of ours`);
    return loadActor({ ...around, ...(details as Made<LoadActorOptions>) }, tape);
  }
}

type Made<Options> = Omit<Options, "plan" | "tally" | "transport">;
