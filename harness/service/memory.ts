// The memory of one instance: what is in use, when it is full, and the integral of both for the books.
// In use: base + perRequest × requests held + leak × time since the start, never more than the limit: then it is dead.
import type { MemoryPlan } from "../model/life-plan.ts";

export class Memory {
  readonly limitBytes: number;
  readonly #plan: MemoryPlan;
  readonly #startMs: number;

  constructor(plan: MemoryPlan, startMs: number) {
    this.#plan = plan;
    this.limitBytes = plan.limitBytes;
    this.#startMs = startMs;
  }

  /** Bytes in use while `requests` are held. */
  usedBytes(nowMs: number, requests: number): number {
    const { baseBytes, perRequestBytes, leakBytesPerMs } = this.#plan;
    return baseBytes + perRequestBytes * requests + leakBytesPerMs * (nowMs - this.#startMs);
  }

  /** When more than the limit will be in use if `requests` stay held: now or later; Infinity = never. */
  fullMs(nowMs: number, requests: number): number {
    const { leakBytesPerMs } = this.#plan;
    const roomBytes = this.limitBytes - this.usedBytes(nowMs, requests);
    if (roomBytes < 0) return nowMs;
    return leakBytesPerMs === 0 ? Infinity : nowMs + roomBytes / leakBytesPerMs;
  }

  /** Integral of the bytes in use over an interval, given that of the requests held; byte-milliseconds. */
  integral(fromMs: number, toMs: number, inSystemMs: number): number {
    const { baseBytes, perRequestBytes, leakBytesPerMs } = this.#plan;
    const middleMs = (fromMs + toMs) / 2 - this.#startMs;
    return (baseBytes + leakBytesPerMs * middleMs) * (toMs - fromMs) + perRequestBytes * inSystemMs;
  }
}
