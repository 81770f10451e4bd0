// What every process of the fleet keeps on its end of the control channel: the plan it was told, and from `begin` on
// the clock, the agenda and the numbers that all actors in it share.
import { assert } from "../core/assert.ts";
import type { Tape } from "../core/tape.ts";
import type { Plan } from "../model/plan.ts";
import type { Tally } from "../signals/tally.ts";
import { tallyOf } from "../signals/taped-tally.ts";
import { AddressBook } from "./address-book.ts";
import { Agenda } from "./agenda.ts";
import type { AgendaOptions, Alarm } from "./agenda.ts";
import { BucketReports } from "./bucket-reports.ts";
import type { ControlChannel } from "./control-channel.ts";
import { CONTROL_PROTOCOL } from "./control-message.ts";
import type { Command, GeneratorFigures, Report } from "./control-message.ts";
import { RunClock } from "./run-clock.ts";
import { TapeFile } from "./tape-file.ts";

/** There once the run has begun. */
export interface RunFrame {
  readonly plan: Plan;
  readonly clock: RunClock;
  readonly agenda: Agenda;
  readonly tally: Tally;
  readonly book: AddressBook;
  readonly loopbackMs: number;
  /** null = nothing is put on tape. */
  readonly tape: Tape | null;
}

export interface HostFrameOptions extends Pick<AgendaOptions, "earlyMs" | "onStall"> {
  readonly channel: ControlChannel<Report, Command>;
  readonly alarm: (clock: RunClock) => Alarm;
  /** Brings the integrals of all actors up to this time. */
  readonly observe: (nowMs: number) => void;
}

export class HostFrame {
  readonly book = new AddressBook();
  readonly #options: HostFrameOptions;
  #plan: Plan | null = null;
  #running: RunFrame | null = null;
  #reports: BucketReports | null = null;
  #tape: TapeFile | null = null;

  constructor(options: HostFrameOptions) {
    this.#options = options;
  }

  get plan(): Plan {
    assert(this.#plan !== null, "setup comes first");
    return this.#plan;
  }

  /** null before `begin`. */
  get running(): RunFrame | null {
    return this.#running;
  }

  setUp({ protocol, plan, tape }: Extract<Command, { do: "setup" }>): void {
    assert(protocol === CONTROL_PROTOCOL, `the supervisor speaks ${protocol}, not ${CONTROL_PROTOCOL}`);
    this.#plan = plan;
    if (tape !== undefined) this.#tape = new TapeFile(tape, plan);
    this.#options.channel.send({ report: "ready", protocol: CONTROL_PROTOCOL });
  }

  /** `start` creates the actors; their numbers are reported from then on. */
  begin({ originMs, loopbackMs }: Extract<Command, { do: "begin" }>, start: (frame: RunFrame) => void): void {
    const { channel, alarm, observe, earlyMs, onStall } = this.#options;
    const { plan, book } = this;
    const clock = new RunClock(originMs);
    const tally = tallyOf(plan, this.#tape);
    const agenda = new Agenda({ clock, alarm: alarm(clock), earlyMs, onStall });
    this.#running = { plan, clock, agenda, tally, book, loopbackMs, tape: this.#tape };
    start(this.#running);
    this.#reports = new BucketReports({ plan, tally, agenda, channel, observe }, clock.nowMs());
  }

  /** What was counted since the last report, before something may end this process or its actor. */
  partial(nowMs: number): void {
    this.#reports?.partial(nowMs);
    this.#tape?.flush();
  }

  /** The last numbers; of a process that is behind, those of what it got done. `figures` are asked for then. */
  finish(figures: () => GeneratorFigures | null): void {
    this.#running?.agenda.command((nowMs) => this.partial(nowMs));
    this.#options.channel.send({ report: "finished", generator: figures() });
  }
}
