// An instance that stands still, because a fault stopped its process or because its garbage is being collected: its
// cores do nothing else, and what it would be told waits until it goes on. What is sent to a stopped process the engine
// keeps; what is sent to one that collects waits here.
import type { GarbageCollector } from "../service/garbage-collector.ts";
import type { Instance } from "../service/instance.ts";

interface Waiting {
  readonly sinceMs: number;
  readonly tell: (nowMs: number) => void;
}

export class Standstill {
  readonly #machine: Instance;
  readonly #collector: GarbageCollector | null;
  readonly #waiting: Waiting[] = [];
  #isStopped = false;
  #atDoor = 0;

  constructor(machine: Instance) {
    this.#machine = machine;
    this.#collector = machine.vitals?.collector ?? null;
  }

  get isStill(): boolean {
    return this.#isStopped || this.isCollecting;
  }

  get isCollecting(): boolean {
    return this.#collector?.isCollecting === true;
  }

  /** When the instance moves by itself; Infinity = not while its process is stopped. */
  get endMs(): number {
    return this.#isStopped ? Infinity : this.#collector!.endMs;
  }

  /** When a collection begins as things stand. */
  get dueMs(): number {
    return this.#collector?.dueMs ?? Infinity;
  }

  stop(nowMs: number): void {
    this.#isStopped = true;
    this.#follow(nowMs);
  }

  /** The process goes on, with its collection if it is at one that has not ended meanwhile. */
  goOn(nowMs: number): void {
    this.#isStopped = false;
    if (this.isCollecting && this.#collector!.endMs <= nowMs) this.endCollection(nowMs);
    else this.#follow(nowMs);
  }

  collect(nowMs: number): void {
    this.#machine.advance(nowMs);
    this.#collector!.begin(nowMs, this.#machine.meters.inSystem);
    this.#follow(nowMs);
  }

  endCollection(nowMs: number): void {
    this.#machine.advance(nowMs);
    this.#machine.visits.stoodStill(this.#collector!.end(nowMs));
    this.#follow(nowMs);
  }

  /** It is told this when it goes on: in its turn among what falls due while it collects, or after all that. */
  wait(tell: (nowMs: number) => void, sinceMs = Infinity): void {
    this.#waiting.push({ sinceMs, tell });
  }

  /** A request arrived; it enters when the collection is over. */
  waitAtDoor(nowMs: number, enter: (nowMs: number) => void): void {
    this.#atDoor++;
    this.wait((laterMs) => {
      this.#atDoor--;
      enter(laterMs);
    }, nowMs);
  }

  /** Requests that wait to enter: nobody has read them yet. */
  get atDoor(): number {
    return this.#atDoor;
  }

  /** Since when the first in line has its turn; Infinity = nobody has one. */
  get nextMs(): number {
    return this.#waiting[0]?.sinceMs ?? Infinity;
  }

  tellNext(nowMs: number): void {
    this.#waiting.shift()!.tell(nowMs);
  }

  /** It is told all that waits, in the order in which it came. */
  tellAll(nowMs: number): void {
    for (const { tell } of this.#waiting.splice(0)) tell(nowMs);
  }

  #follow(nowMs: number): void {
    this.#machine.advance(nowMs);
    this.#machine.cpu.setStopped(nowMs, this.isStill, this.isCollecting && !this.#isStopped);
  }
}
