// Writes what a call machine reports into the row of its edge.
import type { CallMeter } from "../policies/call-meter.ts";
import { EDGE, EDGE_WIDTH } from "../signals/columns.ts";
import type { Tally } from "../signals/tally.ts";
import { CANCELLED, NO_HEALTHY_HOST, TIMEOUT } from "../model/outcome.ts";

export class EdgeMeter implements CallMeter {
  readonly #tally: Tally;
  readonly #edge: number;
  readonly #row: number;

  constructor(tally: Tally, edge: number) {
    this.#tally = tally;
    this.#edge = edge;
    this.#row = edge * EDGE_WIDTH;
  }

  callBegan(): void {
    this.#tally.edges[this.#row + EDGE.calls]!++;
  }

  attemptSent(): void {
    this.#tally.edges[this.#row + EDGE.attempts]!++;
  }

  attemptEnded(cause: number, isOwn: boolean, latencyMs: number): void {
    const edges = this.#tally.edges;
    edges[this.#row + (isOwn ? EDGE.attemptOwn : EDGE.attemptPassed) + cause]!++;
    if (cause === TIMEOUT || cause === NO_HEALTHY_HOST || cause === CANCELLED) return;
    edges[this.#row + EDGE.latencyMs]! += latencyMs;
    this.#tally.edgeLatency.record(this.#edge, latencyMs);
  }

  attemptRefused(cause: number, isOwn: boolean): void {
    this.#tally.edges[this.#row + (isOwn ? EDGE.attemptOwn : EDGE.attemptPassed) + cause]!++;
  }

  callEnded(cause: number): void {
    this.#tally.edges[this.#row + EDGE.call + cause]!++;
  }

  retryDenied(): void {
    this.#tally.edges[this.#row + EDGE.retriesDenied]!++;
  }

  hedgeSent(): void {
    this.#tally.edges[this.#row + EDGE.hedges]!++;
  }

  waited(ms: number): void {
    this.#tally.edges[this.#row + EDGE.waitingMs]! += ms;
  }

  throttled(share: number, passedMs: number): void {
    this.#tally.edges[this.#row + EDGE.throttledMs]! += share * passedMs;
    this.#tally.edges[this.#row + EDGE.throttlesMs]! += passedMs;
  }
}
