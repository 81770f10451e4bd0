// What a call machine reports about its calls; the owner writes it into its books.

export interface CallMeter {
  callBegan(): void;
  /** An attempt left for an instance. */
  attemptSent(): void;
  /**
   * An attempt ended (also one that never left: no endpoint). `isOwn`: its failure originates in the callee itself.
   * `latencyMs` from when it was decided; meaningless for one that never left.
   */
  attemptEnded(cause: number, isOwn: boolean, latencyMs: number): void;
  /** An attempt that a defence of the caller's own refused. */
  attemptRefused(cause: number, isOwn: boolean): void;
  callEnded(cause: number): void;
  retryDenied(): void;
  /** One of the attempts was begun although an earlier one was still out. */
  hedgeSent(): void;
  /** Attempts have been in line for a permit for this long, summed. */
  waited(ms: number): void;
  /** For `passedMs` the throttle has been refusing this share of calls. */
  throttled(share: number, passedMs: number): void;
}
