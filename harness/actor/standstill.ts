// An instance that stands still: its cores do nothing, and what it would be told waits until it goes on.
import type { Instance } from "../service/instance.ts";

export class Standstill {
  readonly #machine: Instance;
  readonly #waiting: ((nowMs: number) => void)[] = [];
  #isStill = false;

  constructor(machine: Instance) {
    this.#machine = machine;
  }

  get isStill(): boolean {
    return this.#isStill;
  }

  begin(nowMs: number): void {
    this.#machine.advance(nowMs);
    this.#machine.cpu.setStopped(nowMs, true);
    this.#isStill = true;
  }

  end(nowMs: number): void {
    this.#machine.advance(nowMs);
    this.#machine.cpu.setStopped(nowMs, false);
    this.#isStill = false;
  }

  /** It is told this when it goes on. */
  wait(tell: (nowMs: number) => void): void {
    this.#waiting.push(tell);
  }

  /** It is told what waited, in the order in which it came. */
  tellAll(nowMs: number): void {
    for (const tell of this.#waiting.splice(0)) tell(nowMs);
  }
}
