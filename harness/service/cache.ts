// What one instance remembers of its answers: which are there, how long they are good, and which failed lately.
// The hit ratio is nobody's setting: it follows from what is asked for, how much fits, and what happened.
import { grow } from "../core/grow.ts";
import { hashText, unit } from "../core/key.ts";
import { Zipf } from "../core/zipf.ts";
import { ERROR, OK, WRONG } from "../model/outcome.ts";
import type { CachePlan } from "../model/cache-plan.ts";
import { NO_SLOT, Recency } from "./recency.ts";

const INITIAL_CAPACITY = 64;
const KEY_PURPOSE = hashText("cache/key");
const AGE_PURPOSE = hashText("cache/age");
const JITTER_PURPOSE = hashText("cache/jitter");

/** The answers of this operation are not kept. */
export const NOT_KEPT = -1;

/** What a look finds: nothing that would do; */
export const MISS = 0;
/** an answer that is good; */
export const FRESH = 1;
/** one that is too old, after a failure that is remembered; */
export const STALE = 2;
/** a failure that is remembered, and nothing else. */
export const FAILED = 3;

export class Cache {
  /** What the last look that was no MISS found. */
  cause = OK;
  status = 200;
  originService = -1;
  originCause = OK;
  readonly #plan: CachePlan;
  readonly #zipf: Zipf;
  /** By operation: the first of its keys, or NOT_KEPT. */
  readonly #firstKey: readonly number[];
  readonly #recency: Recency;
  /** By slot. Until when its answer is good, −Infinity without an answer; whether that is WRONG, and where it then began. */
  #goodUntilMs = new Float64Array(INITIAL_CAPACITY);
  #isWrong = new Uint8Array(INITIAL_CAPACITY);
  #wrongService = new Int32Array(INITIAL_CAPACITY);
  #wrongCause = new Uint8Array(INITIAL_CAPACITY);
  /** Until when its last failure is remembered, −Infinity without one; and what it was. */
  #failedUntilMs = new Float64Array(INITIAL_CAPACITY);
  #failedStatus = new Int32Array(INITIAL_CAPACITY);
  #failedService = new Int32Array(INITIAL_CAPACITY);
  #failedCause = new Uint8Array(INITIAL_CAPACITY);

  /** `isFilled`: as full as the plan's `start` says. */
  constructor(plan: CachePlan, operations: number, isFilled: boolean, startMs: number) {
    this.#plan = plan;
    this.#zipf = new Zipf(plan.keys.count, plan.keys.zipf);
    this.#firstKey = Array.from({ length: operations }, (_, operation) => {
      const nth = plan.operations.indexOf(operation);
      return nth < 0 ? NOT_KEPT : nth * plan.keys.count;
    });
    this.#recency = new Recency(plan.capacity ?? Infinity);
    if (isFilled) this.#fill(startMs);
  }

  /** How many it remembers, good or not. */
  get entries(): number {
    return this.#recency.size;
  }

  /** What a request for `item` asks of an operation; NOT_KEPT where its answers are not kept. */
  keyOf(operation: number, item: number): number {
    const first = this.#firstKey[operation] ?? NOT_KEPT;
    return first === NOT_KEPT ? NOT_KEPT : first + this.#zipf.rank(item, 0, KEY_PURPOSE) - 1;
  }

  look(nowMs: number, key: number): typeof MISS | typeof FRESH | typeof STALE | typeof FAILED {
    const slot = this.#recency.find(key);
    if (slot === NO_SLOT) return MISS;
    const isFresh = nowMs < this.#goodUntilMs[slot]!;
    if (!isFresh && nowMs >= this.#failedUntilMs[slot]!) return MISS;
    this.#recency.touch(slot);
    const isAnswered = isFresh || this.#hasStale(slot);
    if (isAnswered) this.#readAnswer(slot);
    else {
      this.cause = ERROR;
      this.status = this.#failedStatus[slot]!;
      this.originService = this.#failedService[slot]!;
      this.originCause = this.#failedCause[slot]!;
    }
    return isFresh ? FRESH : isAnswered ? STALE : FAILED;
  }

  /** Fetching went well. A WRONG answer looks like any other, so it is kept as well. */
  keep(nowMs: number, key: number, cause: typeof OK | typeof WRONG, originService: number, originCause: number): void {
    const slot = this.#slotFor(key);
    this.#goodUntilMs[slot] = nowMs + this.#lifeMs(nowMs, key);
    this.#failedUntilMs[slot] = -Infinity;
    this.#isWrong[slot] = cause === WRONG ? 1 : 0;
    this.#wrongService[slot] = originService;
    this.#wrongCause[slot] = originCause;
  }

  /** Fetching failed. Whether an answer that is too old may be given instead; it then stands where `look` leaves it. */
  fail(nowMs: number, key: number, status: number, originService: number, originCause: number): boolean {
    const known = this.#recency.find(key);
    const hasStale = known !== NO_SLOT && this.#hasStale(known);
    if (this.#plan.negativeTtlMs > 0) {
      const slot = this.#slotFor(key);
      this.#failedUntilMs[slot] = nowMs + this.#plan.negativeTtlMs;
      this.#failedStatus[slot] = status;
      this.#failedService[slot] = originService;
      this.#failedCause[slot] = originCause;
    }
    if (hasStale) this.#readAnswer(known);
    return hasStale;
  }

  /** Forgets everything. */
  flush(): void {
    this.#recency.clear();
  }

  #hasStale(slot: number): boolean {
    return this.#plan.staleIfError && this.#goodUntilMs[slot]! > -Infinity;
  }

  #readAnswer(slot: number): void {
    const isWrong = this.#isWrong[slot] === 1;
    this.cause = isWrong ? WRONG : OK;
    this.status = 200;
    this.originService = isWrong ? this.#wrongService[slot]! : -1;
    this.originCause = isWrong ? this.#wrongCause[slot]! : OK;
  }

  #slotFor(key: number): number {
    const known = this.#recency.find(key);
    if (known !== NO_SLOT) {
      this.#recency.touch(known);
      return known;
    }
    const slot = this.#recency.take(key);
    if (slot >= this.#goodUntilMs.length) this.#grow();
    this.#goodUntilMs[slot] = -Infinity;
    this.#failedUntilMs[slot] = -Infinity;
    return slot;
  }

  #lifeMs(nowMs: number, key: number): number {
    const { ttlMs, ttlJitter } = this.#plan;
    if (ttlMs === null) return Infinity;
    return ttlJitter === 0 ? ttlMs : ttlMs * (1 - ttlJitter * unit(key | 0, Math.round(nowMs) | 0, JITTER_PURPOSE));
  }

  /** The most popular keys of every operation, in turn; the most popular was used last. Their ages are spread over the ttl. */
  #fill(startMs: number): void {
    const { operations, capacity, keys, start, ttlMs } = this.#plan;
    const all = keys.count * operations.length;
    const wanted = Math.round(Math.min(capacity ?? Infinity, all) * start);
    for (let nth = wanted - 1; nth >= 0; nth--) {
      const rank = Math.floor(nth / operations.length);
      const key = (nth % operations.length) * keys.count + rank;
      const slot = this.#slotFor(key);
      this.#goodUntilMs[slot] = ttlMs === null ? Infinity : startMs + ttlMs * unit(key | 0, 0, AGE_PURPOSE);
    }
  }

  #grow(): void {
    const capacity = this.#goodUntilMs.length * 2;
    this.#goodUntilMs = grow(this.#goodUntilMs, capacity);
    this.#isWrong = grow(this.#isWrong, capacity);
    this.#wrongService = grow(this.#wrongService, capacity);
    this.#wrongCause = grow(this.#wrongCause, capacity);
    this.#failedUntilMs = grow(this.#failedUntilMs, capacity);
    this.#failedStatus = grow(this.#failedStatus, capacity);
    this.#failedService = grow(this.#failedService, capacity);
    this.#failedCause = grow(this.#failedCause, capacity);
  }
}
