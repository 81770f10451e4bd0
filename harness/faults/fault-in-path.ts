// One fault on requests, at one place and on one way: which requests it hits, how strongly by now, and what its words
// make of them.
import { unreachable } from "../core/assert.ts";
import { unit } from "../core/key.ts";
import { Sampler } from "../core/sampler.ts";
import { carries } from "../model/header.ts";
import type { RequestScope } from "../model/release-plan.ts";
import { hasSize, type RequestDisturbance } from "./disturbance.ts";
import { GARBLE, HANG, PASS, RESET, UNRESOLVED } from "./fate.ts";
import { strengthOf } from "./schedule.ts";

/** Salts of the draws: whether a fault hits a request, and for how long it delays it. */
const SHARE_SALT = 0x51f15ead;
const DELAY_SALT = 0x0ddba115;
/** How far apart the salts of one fault's delays lie, so that each is a draw of its own. */
const NEXT_DELAY = 0x6a09e667;
const NEXT_PACKET = 0x3c6ef372;
/** A sender gives a connection up after so many retransmissions. Source: Linux, `tcp_retries2`. */
const MOST_RETRANSMISSIONS = 15;

/** One disturbance that concerns this place. */
export interface Disturbed {
  /** Index in Plan.timeline: salts the draws. */
  readonly timeline: number;
  /** Row of the fault's counters. */
  readonly faultRow: number;
  readonly disturbance: RequestDisturbance;
  readonly share: number;
  /** Operation index, or −1 for all. */
  readonly operation: number;
  /** Variant index of the target, or −1 for all. */
  readonly variant: number;
  /** Run time at which the fault began, and over how long it grows; absent = it is there with its full strength. */
  readonly sinceMs?: number | undefined;
  readonly rampMs?: number | undefined;
  /** Which of the requests in its scope, counted here since it began. */
  readonly requests?: RequestScope | undefined;
  /** Only those that carry these: bits of `Plan.headers`. */
  readonly headers?: number | undefined;
  /** Whether a request to this instance is in its scope; absent = any. */
  readonly covers?: ((target: number) => boolean) | undefined;
  /** The share is one of connections: the key (int32) of the caller's end. One connection leads to each instance. */
  readonly connection?: number | undefined;
}

/** A word with what its draws need. */
interface Word {
  readonly disturbance: RequestDisturbance;
  readonly salt: number;
  readonly sampler: Sampler | null;
}

export class FaultInPath {
  readonly #scope: Disturbed;
  readonly #words: readonly Word[];
  readonly #shareSalt: number;
  /** All its words have a size, which grows while it ramps up; else the share of requests grows. */
  readonly #isSized: boolean;
  /** Requests in its scope so far. */
  #seen: number;
  /** When the link of a `transmit` has sent all that was given to it. */
  #linkFreeMs: number;
  /** After `hit`; `isDripping`: the delay is that of a body that has begun. */
  delayMs = 0;
  fate = PASS;
  isDripping = false;

  /** `words` are those of one fault; `before` is the same fault as it was at this place until now. */
  constructor(words: readonly Disturbed[], waySalt: number, before?: FaultInPath) {
    this.#scope = words[0]!;
    const salt = Math.imul(this.#scope.timeline + 1, 0x9e3779b1);
    this.#shareSalt = salt ^ SHARE_SALT;
    this.#isSized = words.every(({ disturbance }) => hasSize(disturbance));
    this.#seen = before === undefined ? 0 : before.#seen;
    this.#linkFreeMs = before === undefined ? -Infinity : before.#linkFreeMs;
    let delays = 0;
    this.#words = words.map(({ disturbance }) => ({
      disturbance,
      salt: ((salt ^ DELAY_SALT ^ waySalt) + Math.imul("time" in disturbance ? delays++ : 0, NEXT_DELAY)) | 0,
      sampler: "time" in disturbance ? new Sampler(disturbance.time) : null,
    }));
  }

  get faultRow(): number {
    return this.#scope.faultRow;
  }

  /** Whether these are words of this very fault, and it has not ended since. */
  isSame({ timeline, sinceMs }: Disturbed): boolean {
    return this.#scope.timeline === timeline && this.#scope.sinceMs === sinceMs;
  }

  /** Whether it hits this request; then `delayMs` and `fate` say with what. */
  hit(
    nowMs: number,
    high: number,
    low: number,
    operation: number,
    variant: number,
    target: number,
    headers: number,
  ): boolean {
    const { share, connection } = this.#scope;
    if (!this.#isInScope(operation, variant, target, headers) || !this.#isCounted()) return false;
    const strength = strengthOf(nowMs - (this.#scope.sinceMs ?? 0), this.#scope.rampMs);
    const wanted = this.#isSized ? share : share * strength;
    if (wanted < 1) {
      const draw =
        connection === undefined ? unit(high, low, this.#shareSalt) : unit(connection, target, this.#shareSalt);
      if (draw >= wanted) return false;
    }
    this.delayMs = 0;
    this.fate = PASS;
    this.isDripping = false;
    for (const word of this.#words) this.#speak(nowMs, word, high, low, strength);
    return this.delayMs > 0 || this.fate !== PASS;
  }

  #isInScope(operation: number, variant: number, target: number, headers: number): boolean {
    const scope = this.#scope;
    if (scope.headers !== undefined && !carries(headers, scope.headers)) return false;
    if (scope.operation >= 0 && scope.operation !== operation) return false;
    if (scope.variant >= 0 && scope.variant !== variant) return false;
    return scope.covers === undefined || scope.covers(target);
  }

  /** Counts a request in the scope; whether it is one of those that were asked for. */
  #isCounted(): boolean {
    const { requests } = this.#scope;
    if (requests === undefined) return true;
    const number = ++this.#seen;
    return "first" in requests ? number <= requests.first : number % requests.every === 0;
  }

  #speak(nowMs: number, { disturbance, salt, sampler }: Word, high: number, low: number, strength: number): void {
    const size = this.#isSized ? strength : 1;
    switch (disturbance.do) {
      case "delay":
        this.delayMs += sampler!.draw(high, low, salt) * size;
        break;
      case "drip":
        this.delayMs += sampler!.draw(high, low, salt) * size;
        this.isDripping = true;
        break;
      case "retransmit":
        this.#retransmit(high, low, salt, disturbance.loss * size, disturbance.timeoutMs);
        break;
      case "transmit":
        this.#linkFreeMs = Math.max(this.#linkFreeMs, nowMs) + disturbance.messageMs * size;
        this.delayMs += this.#linkFreeMs - nowMs;
        break;
      case "answer":
        this.#fateIs(disturbance.status);
        break;
      case "reset":
        this.#fateIs(RESET);
        break;
      case "hang":
      case "lose":
        this.#fateIs(HANG);
        break;
      case "garble":
        this.#fateIs(GARBLE);
        break;
      case "unresolve":
        this.delayMs += sampler!.draw(high, low, salt);
        this.#fateIs(UNRESOLVED);
        break;
      default:
        unreachable(disturbance);
    }
  }

  /** Every loss costs the timeout, which then doubles. Source: RFC 6298, 5.5. */
  #retransmit(high: number, low: number, salt: number, loss: number, timeoutMs: number): void {
    let waitMs = timeoutMs;
    for (let sent = 0; unit(high, low, (salt + Math.imul(sent, NEXT_PACKET)) | 0) < loss; sent++) {
      if (sent === MOST_RETRANSMISSIONS) return this.#fateIs(HANG);
      this.delayMs += waitMs;
      waitMs *= 2;
    }
  }

  #fateIs(fate: number): void {
    if (this.fate === PASS) this.fate = fate;
  }
}
