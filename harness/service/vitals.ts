// What may kill an instance from within: its memory, or a version that crashes by itself. Told what happens, it
// says when death comes; the owner carries it out.
import { Sampler } from "../core/sampler.ts";
import type { LifePlan } from "../model/life-plan.ts";
import { GarbageCollector } from "./garbage-collector.ts";
import { Memory } from "./memory.ts";

const ALIVE = Infinity;

export class Vitals {
  readonly memory: Memory | null;
  /** null where nothing is garbage. */
  readonly collector: GarbageCollector | null;
  readonly #crashMs: number;
  readonly #crashOn: number;
  #deathMs: number;
  #isOutOfMemory = false;
  /** Death was announced: nothing averts it. */
  #isDoomed = false;

  /** `high` and `low` are the key of this life. */
  constructor(plan: LifePlan, startMs: number, high: number, low: number) {
    const { afterMs, onOperation } = plan.crash;
    this.memory = plan.memory === null ? null : new Memory(plan.memory, startMs);
    const collection = plan.memory?.garbageCollection;
    this.collector = collection === undefined ? null : new GarbageCollector(collection, this.memory!, high, low);
    this.#crashMs = afterMs === null ? ALIVE : startMs + new Sampler(afterMs).draw(high, low, 0);
    this.#crashOn = onOperation ?? -1;
    this.#deathMs = this.#crashMs;
    this.follow(startMs, 0);
  }

  /** When the instance dies as things stand; Infinity = it does not. */
  get deathMs(): number {
    return this.#deathMs;
  }

  /** Whether it is memory that it dies of. */
  get isOutOfMemory(): boolean {
    return this.#isOutOfMemory;
  }

  /** A request for an operation begins. */
  begins(nowMs: number, operation: number): void {
    if (operation === this.#crashOn) this.#doom(nowMs, false);
    this.collector?.allocated();
  }

  /** Told after everything that changed the number of requests held. */
  follow(nowMs: number, requests: number): void {
    if (this.#isDoomed || this.memory === null) return;
    this.collector?.follow(nowMs, requests);
    const fullMs = this.memory.fullMs(nowMs, requests);
    if (fullMs <= nowMs) this.#doom(nowMs, true);
    else {
      this.#isOutOfMemory = fullMs < this.#crashMs;
      this.#deathMs = Math.min(fullMs, this.#crashMs);
    }
  }

  /** It stood still until now: what should have killed it meanwhile kills it now. */
  goOn(nowMs: number): void {
    this.collector?.goOn(nowMs);
    if (this.#deathMs < nowMs) this.#doom(nowMs, this.#isOutOfMemory);
  }

  /** Its owner has been told; there is nothing more to wait for. */
  told(): void {
    this.#isDoomed = true;
    this.#deathMs = ALIVE;
  }

  #doom(nowMs: number, isOutOfMemory: boolean): void {
    if (this.#isDoomed) return;
    this.#isDoomed = true;
    this.#isOutOfMemory = isOutOfMemory;
    this.#deathMs = nowMs;
  }
}
