// How long something takes: the distributions that may stand wherever a time stands.

/** All parameters in milliseconds of modelled time; `sampler.ts` draws from them by key. */
export type Distribution =
  | { readonly kind: "constant"; readonly ms: number }
  | { readonly kind: "exponential"; readonly meanMs: number }
  | { readonly kind: "erlang"; readonly meanMs: number; readonly k: number }
  /** Log-normal through two percentiles: median `p50Ms` and 99th percentile `p99Ms`. */
  | { readonly kind: "lognormal"; readonly p50Ms: number; readonly p99Ms: number }
  /** Pareto with tail index `alpha` > 1 and the given mean; scale = mean × (alpha − 1) ÷ alpha. */
  | { readonly kind: "pareto"; readonly meanMs: number; readonly alpha: number }
  | { readonly kind: "uniform"; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: "samples"; readonly samplesMs: readonly number[] };
