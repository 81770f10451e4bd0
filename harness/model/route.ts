// Instances while a run lasts, and where callers send a service's calls: what engines, actors and processes tell each other.

/**
 * An instance is known for the whole run by one small integer, never reused for another instance. A crashed
 * instance that starts again keeps its id and raises its generation: what was sent to the old generation is lost.
 */
export interface InstanceRef {
  readonly id: number;
  readonly generation: number;
  readonly service: number;
  readonly variant: number;
  readonly zone: number;
  /** The instance whose connections it took over without cutting them; absent: none. */
  readonly replaces?: number;
}

/** Where callers send the calls of one service. */
export interface Route {
  readonly service: number;
  /** Ready endpoints, in a fixed order. */
  readonly endpoints: readonly InstanceRef[];
  /**
   * Weight (0..100) by variant index, or null where every endpoint counts alike. A user is assigned to the
   * new variant when its keyed draw for this service lies below the weight, so a 5 % canary's users are
   * among the 25 % canary's.
   */
  readonly weights: readonly number[] | null;
}
