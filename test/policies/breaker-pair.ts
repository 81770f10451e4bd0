// Our breaker and a library's, told the same history; they must agree on every call and on every state.
import { vi } from "vitest";
import { assert } from "../../harness/core/assert.ts";
import { CLOSED, type CircuitBreaker, HALF_OPEN, OPEN } from "../../harness/policies/circuit-breaker.ts";
import type { Peer, Settle } from "./breaker-libraries.ts";

const QUICK_MS = 1;

/** Ours and a library's, told the same. */
export class BreakerPair {
  readonly #ours: CircuitBreaker;
  readonly #peer: Peer;
  /** Calls admitted since the breakers last changed. */
  #underWay: Settle[] = [];
  #nowMs = 0;
  changes = 0;
  isOver = false;

  constructor(ours: CircuitBreaker, peer: Peer) {
    this.#ours = ours;
    this.#peer = peer;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get state(): number {
    return this.#ours.state(this.#nowMs);
  }

  get underWay(): number {
    return this.#underWay.length;
  }

  elapse(ms: number): void {
    this.#nowMs += ms;
    vi.advanceTimersByTime(ms);
    while (this.#ours.nextWakeup() <= this.#nowMs) this.#ours.wake(this.#ours.nextWakeup());
  }

  async ask(): Promise<void> {
    const before = this.state;
    if (before === HALF_OPEN && this.underWay > 0) {
      assert(!this.#ours.tryAcquire(this.#nowMs), "nobody is let through beside a probe");
      return;
    }
    const isAdmitted = this.#ours.tryAcquire(this.#nowMs);
    const settle = await this.#peer.ask();
    assert((settle !== null) === isAdmitted, "both let it through, or neither");
    this.#compare(before);
    if (settle !== null) this.#underWay.push(settle);
  }

  async settle(which: number, isFailure: boolean): Promise<void> {
    const [settle] = this.#underWay.splice(which % this.underWay, 1);
    const before = this.state;
    this.#ours.settle(this.#nowMs, QUICK_MS, isFailure);
    await settle!(isFailure);
    if (before === CLOSED && !isFailure && this.state === OPEN) {
      assert(this.#peer.state() === CLOSED, "the library does not judge a success");
      this.isOver = true;
      return;
    }
    this.#compare(before);
    if (before === HALF_OPEN && this.state === CLOSED) this.#ours.settle(this.#nowMs, QUICK_MS, false);
  }

  compare(): void {
    assert(this.#peer.state() === this.state, `both are in state ${this.state}`);
  }

  #compare(before: number): void {
    this.compare();
    if (this.state === before) return;
    this.changes++;
    this.#underWay = [];
  }

  end(): void {
    this.#peer.end();
  }
}
