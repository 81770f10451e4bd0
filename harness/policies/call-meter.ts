// What a call machine reports about its calls; the owner writes it into its books.

export interface CallMeter {
  callBegan(): void;
  /** An attempt left for an instance. */
  attemptSent(): void;
  /**
   * An attempt ended (also one that never left: refused by the breaker, or no endpoint). `isOwn`: its failure
   * originates in the callee itself. `latencyMs` from when it was decided; meaningless for one that never left.
   */
  attemptEnded(cause: number, isOwn: boolean, latencyMs: number): void;
  callEnded(cause: number): void;
  retryDenied(): void;
}
