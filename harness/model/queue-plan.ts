// The compiled form of a queue that is more than first in, first out.

export interface QueuePlan {
  /** Who gets the next free worker; `adaptiveLifo` is lifo while the queue stands, else fifo. */
  readonly discipline: "fifo" | "lifo" | "adaptiveLifo";
  /** A queue that was last empty longer ago than this stands: it is not a burst that passes by itself. */
  readonly standingAfterMs: number;
  /** How long an arrival may wait while the queue stands (else `standingAfterMs`); null = without CoDel. */
  readonly codelTargetMs: number | null;
  /** Nobody waits longer than this; null = no limit. */
  readonly timeoutMs: number | null;
}
