// The compiled form of a service's cache: what each instance remembers, and which requests ask for what.

export interface CachePlan {
  /** Indices of the operations whose answers are kept. */
  readonly operations: readonly number[];
  /** Answers that an instance keeps; null = unlimited. The one that was asked for least recently makes room. */
  readonly capacity: number | null;
  /** What is asked for: rank k of `count` in proportion to k^−zipf. */
  readonly keys: { readonly count: number; readonly zipf: number };
  /** How long an answer is good; null = for ever. Control time. */
  readonly ttlMs: number | null;
  /** Each answer is good for between ttl × (1 − jitter) and ttl. */
  readonly ttlJitter: number;
  /** Share of the capacity (of the keys, where that is unlimited) that is filled, with the most popular, before the run. */
  readonly start: number;
  /** Instances that start during the run are empty; otherwise they are filled like the others. */
  readonly coldOnStart: boolean;
  /** Requests for what is being fetched wait for that answer. */
  readonly singleFlight: boolean;
  /** What is too old answers for a failure. */
  readonly staleIfError: boolean;
  /** How long a failure is remembered. Control time. */
  readonly negativeTtlMs: number;
}
