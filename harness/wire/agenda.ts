// What is due in one process, and when: actors that want to be woken and messages that are being delayed. Keeps
// modelled time honest on a timer that is not:
//
//   message arrives ─► all due work, in due order, each told when it was DUE ─► the message, told the time it is now
//   request arrives ─► takes its place among the due work by the time at which it was to arrive
//
// With one timer per job told the time it fired, a 0.5 ms job takes 1.04 ms, and a worker at load 0.7 drowns. The same
// holds for requests: a process that did not run for 10 ms reads them all at once, and told so, queues them all at once.
import { WakeHeap } from "../core/wake-heap.ts";
import type { RunClock } from "./run-clock.ts";

/** A machine that is told when the time it asked for was due. */
export interface Wakeable {
  nextWakeup(): number;
  wake(dueMs: number): void;
}

/** Something that calls back at about a run time; the latest `set` counts, Infinity means never. */
export interface Alarm {
  onRing(ring: () => void): void;
  set(dueMs: number): void;
  close(): void;
}

export interface AgendaOptions {
  readonly clock: RunClock;
  readonly alarm: Alarm;
  /**
   * Work due within this time is done now. Timers have a grain of 1 ms and only ever fire late; rounding to the
   * nearest instead makes injected delays right on average. 0 where nothing may happen early (the generator).
   */
  readonly earlyMs: number;
  /** The process stood still for this long although something was due. */
  readonly onStall: (nowMs: number, lagMs: number) => void;
}

/** A lag above this is a real standstill and not the grain of a timer. */
export const STALL_MS = 50;
/**
 * Due work goes on for about so long before sockets and channels have their turn: a process that is asked for more than
 * it can do never comes to its end, and is behind.
 */
const MOST_HELD_MS = 50;
/** Pieces of work between two looks at the clock. */
const WORK_PER_LOOK = 64;

/** Names an actor's or a delayed message's entry. */
export type Entry = number;

export class Agenda {
  readonly #clock: RunClock;
  readonly #alarm: Alarm;
  readonly #earlyMs: number;
  readonly #onStall: (nowMs: number, lagMs: number) => void;
  readonly #heap = new WakeHeap(64);
  readonly #work: (Wakeable | ((nowMs: number) => void) | undefined)[] = [];
  readonly #free: Entry[] = [];
  /** The latest time anyone was told: time never runs backwards for a machine, and starts at 0. */
  #toldMs = 0;
  #isBusy = false;
  #isClosed = false;
  #isLooking = false;
  /** Due work is left for the next turn. */
  #isBehind = false;

  constructor({ clock, alarm, earlyMs, onStall }: AgendaOptions) {
    this.#clock = clock;
    this.#alarm = alarm;
    this.#earlyMs = earlyMs;
    this.#onStall = onStall;
    alarm.onRing(() => this.catchUp());
  }

  /** The time that the work at hand was told: for what is done now, when it was due. */
  get toldMs(): number {
    return this.#isBusy ? this.#toldMs : Math.max(this.#toldMs, this.#clock.nowMs());
  }

  /** An actor to wake; it is asked for its next time after everything done on its behalf. */
  add(actor: Wakeable): Entry {
    return this.#enter(actor, actor.nextWakeup());
  }

  /** Runs once at `dueMs`, told that time. */
  at(dueMs: number, run: (dueMs: number) => void): Entry {
    return this.#enter(run, dueMs);
  }

  remove(entry: Entry): void {
    if (this.#work[entry] === undefined) return;
    this.#heap.remove(entry);
    this.#work[entry] = undefined;
    this.#free.push(entry);
  }

  /** The actor was touched by something that the agenda did not do itself. */
  refresh(entry: Entry): void {
    const actor = this.#work[entry];
    if (actor !== undefined && typeof actor !== "function") this.#heap.set(entry, actor.nextWakeup());
    if (!this.#isBusy) this.#arm();
  }

  /**
   * Handles a message now: after all due work, before the next. Where the process is behind, that is when what is due
   * now has been done. One that comes up while the agenda is at work (a client library calling back synchronously) waits
   * until that is done.
   */
  message(handle: (nowMs: number) => void, actor: Entry = -1): void {
    if (this.#isClosed) return;
    if (this.#isBusy) return queueMicrotask(() => this.message(handle, actor));
    this.#keepingBusy(() => {
      if (!this.#isBehind) this.#doDue();
      if (!this.#isBehind) return this.#handle(handle, actor);
      this.#enter((toldMs) => {
        handle(toldMs);
        if (actor >= 0) this.refresh(actor);
      }, this.#clock.nowMs());
    });
  }

  /** Like a message; but where the process is behind it is handled at once, told the time of the work that waits. */
  command(handle: (nowMs: number) => void): void {
    if (this.#isClosed) return;
    if (this.#isBusy) return queueMicrotask(() => this.command(handle));
    this.#keepingBusy(() => {
      if (!this.#isBehind) this.#doDue();
      this.#handle(handle, -1);
    });
  }

  #handle(handle: (nowMs: number) => void, actor: Entry): void {
    this.#toldMs = Math.max(this.#toldMs, Math.min(this.#clock.nowMs(), this.#heap.topTime));
    handle(this.#toldMs);
    if (actor >= 0) this.refresh(actor);
    // What follows at once needs no alarm.
    if (!this.#isBehind && this.#heap.topTime <= this.#toldMs) this.#doDue();
  }

  /**
   * Handles a request that was to arrive at `arrivesMs` by its sender's clock, in that order among all that was read
   * from the sockets in this turn. One older than a stall has really waited, and arrives now.
   */
  arrival(arrivesMs: number, handle: (nowMs: number) => void, actor: Entry): void {
    const nowMs = this.#clock.nowMs();
    const isStamped = nowMs - arrivesMs <= STALL_MS;
    this.#enter((toldMs) => {
      handle(toldMs);
      this.refresh(actor);
    }, isStamped ? Math.min(arrivesMs, nowMs) : nowMs); // prettier-ignore
    this.#look();
  }

  /** Does what is due. */
  catchUp(): void {
    if (this.#isBusy || this.#isClosed) return;
    this.#keepingBusy(() => this.#doDue());
  }

  close(): void {
    this.#isClosed = true;
    this.#alarm.close();
  }

  #enter(work: Wakeable | ((nowMs: number) => void), dueMs: number): Entry {
    const entry = this.#free.pop() ?? this.#work.length;
    this.#work[entry] = work;
    this.#heap.set(entry, dueMs);
    if (!this.#isBusy) this.#arm();
    return entry;
  }

  #keepingBusy(act: () => void): void {
    this.#isBusy = true;
    try {
      act();
    } finally {
      this.#isBusy = false;
    }
    this.#arm();
  }

  #doDue(): void {
    const sinceMs = this.#clock.nowMs();
    let nowMs = sinceMs;
    let done = 0;
    const lagMs = nowMs - this.#heap.topTime;
    // One that is behind has not stood still.
    if (lagMs > STALL_MS && !this.#isBehind) this.#onStall(nowMs, lagMs);
    this.#isBehind = false;
    while (this.#heap.topTime <= nowMs + this.#earlyMs) {
      if (nowMs - sinceMs > MOST_HELD_MS) {
        this.#isBehind = true;
        return;
      }
      const entry = this.#heap.topId;
      const work = this.#work[entry]!;
      this.#toldMs = Math.max(this.#toldMs, this.#heap.topTime);
      if (typeof work === "function") {
        this.remove(entry);
        work(this.#toldMs);
      } else {
        work.wake(this.#toldMs);
        this.#heap.set(entry, work.nextWakeup());
      }
      if (this.#heap.topTime > nowMs || ++done % WORK_PER_LOOK === 0) nowMs = this.#clock.nowMs();
    }
  }

  /** Does what is due after the sockets of this turn, before any timer. */
  #look(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    setImmediate(() => {
      this.#isLooking = false;
      this.catchUp();
    });
  }

  #arm(): void {
    if (this.#isClosed) return;
    // An alarm for a time that has passed could ring before anything else is heard.
    if (this.#isBehind) this.#look();
    else this.#alarm.set(this.#heap.topTime);
  }
}
