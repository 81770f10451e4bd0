// The request-path disturbances that concern one place (an instance, or a caller's edge), as a machine: asked for each
// request, it answers how long to hold it and whether to answer it at once. Absent faults cost one length check.
import { unit } from "../core/key.ts";
import { Sampler } from "../core/sampler.ts";
import type { Disturbance } from "./disturbance.ts";

/** Salts of the draws: whether a fault hits a request, and for how long it delays it. */
const SHARE_SALT = 0x51f15ead;
const DELAY_SALT = 0x0ddba115;
/** How far apart the salts of one fault's delays lie, so that each is a draw of its own. */
const NEXT_DELAY = 0x6a09e667;

/** One disturbance that concerns this place. */
export interface Disturbed {
  /** Index in Plan.timeline: salts the draws. */
  readonly timeline: number;
  /** Row of the fault's counters. */
  readonly faultRow: number;
  readonly disturbance: Extract<Disturbance, { on: "request" }>;
  readonly share: number;
  /** Operation index, or −1 for all. */
  readonly operation: number;
  /** Variant index of the target, or −1 for all. */
  readonly variant: number;
}

interface Entry extends Disturbed {
  readonly shareSalt: number;
  readonly delaySalt: number;
  readonly sampler: Sampler | null;
  /** The first word of its fault here: all words of a fault hit the same requests, and each request counts once. */
  readonly isCounted: boolean;
}

export class InPath {
  #entries: readonly Entry[] = [];
  /** After `hit`: how long to hold the request, and the status to answer with (0 = let it pass). */
  delayMs = 0;
  status = 0;

  get isClear(): boolean {
    return this.#entries.length === 0;
  }

  set(disturbed: readonly Disturbed[]): void {
    this.#entries = disturbed.map((entry, index) => {
      const salt = Math.imul(entry.timeline + 1, 0x9e3779b1);
      const before = disturbed.slice(0, index).filter(({ timeline }) => timeline === entry.timeline);
      const delays = before.filter(({ disturbance }) => disturbance.do === "delay").length;
      return {
        ...entry,
        shareSalt: salt ^ SHARE_SALT,
        delaySalt: ((salt ^ DELAY_SALT) + Math.imul(delays, NEXT_DELAY)) | 0,
        sampler: entry.disturbance.do === "delay" ? new Sampler(entry.disturbance.time) : null,
        isCounted: before.length === 0,
      };
    });
  }

  /**
   * Decides for one request, by its key; true if it is delayed or answered. Delays add up; the first answer wins.
   * `count` receives the row of each fault that hit, once.
   */
  hit(high: number, low: number, operation: number, variant: number, count: (faultRow: number) => void): boolean {
    this.delayMs = 0;
    this.status = 0;
    for (const entry of this.#entries) {
      if (entry.operation >= 0 && entry.operation !== operation) continue;
      if (entry.variant >= 0 && entry.variant !== variant) continue;
      if (entry.share < 1 && unit(high, low, entry.shareSalt) >= entry.share) continue;
      if (entry.disturbance.do === "delay") this.delayMs += entry.sampler!.draw(high, low, entry.delaySalt);
      else if (this.status === 0) this.status = entry.disturbance.status;
      if (entry.isCounted) count(entry.faultRow);
    }
    return this.delayMs > 0 || this.status !== 0;
  }
}
