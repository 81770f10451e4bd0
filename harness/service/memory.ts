// The memory of one instance: what is in use, when it is full, and the integral of both for the books.
// In use: base + perRequest × requests held + leak × time since the start, and what a fault has leaked; never more than the limit: then it is dead.
import type { MemoryPlan } from "../model/life-plan.ts";

export class Memory {
  readonly limitBytes: number;
  readonly #plan: MemoryPlan;
  readonly #startMs: number;
  /** What a fault had leaked when its rate last changed, when that was, and the rate since. */
  #lostBytes = 0;
  #lostMs: number;
  #lossPerMs = 0;

  constructor(plan: MemoryPlan, startMs: number) {
    this.#plan = plan;
    this.limitBytes = plan.limitBytes;
    this.#startMs = startMs;
    this.#lostMs = startMs;
  }

  /** From now on a fault leaks so much more by the millisecond. The integral has been brought up to now. */
  leak(nowMs: number, bytesPerMs: number): void {
    this.#lostBytes = this.#lostAt(nowMs);
    this.#lostMs = nowMs;
    this.#lossPerMs = bytesPerMs;
  }

  /** Bytes in use while `requests` are held. */
  usedBytes(nowMs: number, requests: number): number {
    const { baseBytes, perRequestBytes, leakBytesPerMs } = this.#plan;
    const leakedBytes = leakBytesPerMs * (nowMs - this.#startMs) + this.#lostAt(nowMs);
    return baseBytes + perRequestBytes * requests + leakedBytes;
  }

  /** When more than the limit, less `garbageBytes`, will be in use if `requests` stay held: now or later; Infinity = never. */
  fullMs(nowMs: number, requests: number, garbageBytes = 0): number {
    const leakBytesPerMs = this.#plan.leakBytesPerMs + this.#lossPerMs;
    const roomBytes = this.limitBytes - garbageBytes - this.usedBytes(nowMs, requests);
    if (roomBytes < 0) return nowMs;
    return leakBytesPerMs === 0 ? Infinity : nowMs + roomBytes / leakBytesPerMs;
  }

  /** Integral of the bytes in use over an interval, given that of the requests held; byte-milliseconds. */
  integral(fromMs: number, toMs: number, inSystemMs: number): number {
    const { baseBytes, perRequestBytes, leakBytesPerMs } = this.#plan;
    const middleMs = (fromMs + toMs) / 2 - this.#startMs;
    const lostBytes = this.#lostAt((fromMs + toMs) / 2);
    return (baseBytes + leakBytesPerMs * middleMs + lostBytes) * (toMs - fromMs) + perRequestBytes * inSystemMs;
  }

  #lostAt(nowMs: number): number {
    return this.#lostBytes + this.#lossPerMs * (nowMs - this.#lostMs);
  }
}
