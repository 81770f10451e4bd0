// The garbage of one instance and its collections, each of which stops the world. Requests leave garbage behind; once
// that and what is in use no longer fit into the limit, a collection begins, which takes as long as what is in use is large:
//
//   collections per second = requests per second × garbagePerRequest ÷ (limit − in use)
//   time of each           = pausePerGiB × in use
//
// So the share of time that is lost grows without bound as memory fills up, long before it is full.
// Source of the formulas: A. Appel, "Garbage collection can be faster than stack allocation" (1987), for a collector that
// visits what is alive; R. Jones, A. Hosking, E. Moss, "The Garbage Collection Handbook" (2011). Of the loop that this
// closes with what waits: M. Brooker, "Garbage Collection and Metastability" (2024).
import { hashText } from "../core/key.ts";
import { Sampler } from "../core/sampler.ts";
import type { GarbageCollectionPlan } from "../model/life-plan.ts";
import type { Memory } from "./memory.ts";

const BYTES_PER_GIB = 1_073_741_824;

const PURPOSE = hashText("garbage collection");

type State =
  | { readonly is: "working" }
  | { readonly is: "collecting"; readonly beganMs: number; readonly endMs: number };

const WORKING: State = { is: "working" };

export class GarbageCollector {
  readonly #memory: Memory;
  readonly #garbagePerRequestBytes: number;
  readonly #pausePerGib: Sampler;
  /** The key of this life. */
  readonly #high: number;
  readonly #low: number;
  #state: State = WORKING;
  #garbageBytes = 0;
  #dueMs = Infinity;
  #begun = 0;
  /** Since they were last taken. */
  #collections = 0;
  #collectingMs = 0;
  #observedMs = 0;

  constructor(plan: GarbageCollectionPlan, memory: Memory, high: number, low: number) {
    this.#memory = memory;
    this.#garbagePerRequestBytes = plan.garbagePerRequestBytes;
    this.#pausePerGib = new Sampler(plan.pausePerGibMs);
    this.#high = high;
    this.#low = low;
  }

  /** When the next collection begins as things stand; Infinity = none does, or one is going on. */
  get dueMs(): number {
    return this.#dueMs;
  }

  get isCollecting(): boolean {
    return this.#state.is === "collecting";
  }

  /** When the collection that is going on ends; Infinity = none is. */
  get endMs(): number {
    return this.#state.is === "collecting" ? this.#state.endMs : Infinity;
  }

  /** A request begins; what it allocates counts from now on. `follow` comes next. */
  allocated(): void {
    this.#garbageBytes += this.#garbagePerRequestBytes;
  }

  /** Told after everything that changed what is in use, or what is garbage. */
  follow(nowMs: number, requests: number): void {
    // Where nothing is garbage, a collection would find nothing.
    const isIdle = this.#state.is === "collecting" || this.#garbageBytes === 0;
    this.#dueMs = isIdle ? Infinity : this.#memory.fullMs(nowMs, requests, this.#garbageBytes);
  }

  /** It stood still until now: a collection that should have begun meanwhile begins now. */
  goOn(nowMs: number): void {
    this.#dueMs = Math.max(this.#dueMs, nowMs);
  }

  /** A collection begins; it ends at `endMs`. */
  begin(nowMs: number, requests: number): void {
    const gibInUse = this.#memory.usedBytes(nowMs, requests) / BYTES_PER_GIB;
    const pauseMs = gibInUse * this.#pausePerGib.draw(this.#high, this.#low, (PURPOSE + this.#begun++) | 0);
    this.#state = { is: "collecting", beganMs: nowMs, endMs: nowMs + pauseMs };
    this.#dueMs = Infinity;
    this.#observedMs = nowMs;
    this.#collections++;
  }

  /** The garbage is gone. Returns for how long the instance stood still. */
  end(nowMs: number): number {
    this.#observe(nowMs);
    const stoodMs = this.#state.is === "collecting" ? nowMs - this.#state.beganMs : 0;
    this.#state = WORKING;
    this.#garbageBytes = 0;
    return stoodMs;
  }

  /** Collections begun, and milliseconds spent on them, since this was last asked. */
  take(nowMs: number): { readonly collections: number; readonly collectingMs: number } {
    this.#observe(nowMs);
    const taken = { collections: this.#collections, collectingMs: this.#collectingMs };
    this.#collections = 0;
    this.#collectingMs = 0;
    return taken;
  }

  #observe(nowMs: number): void {
    if (this.#state.is === "collecting") this.#collectingMs += nowMs - this.#observedMs;
    this.#observedMs = nowMs;
  }
}
