// The number in a system whose arrivals and departures depend on it alone: M/M/c with room for K, and what a
// measurement of it is worth. Times are in service times.

export interface BirthAndDeath {
  /** Arrivals per service time. */
  readonly arrivals: number;
  readonly servers: number;
  /** Places in the whole system, servers included. */
  readonly places: number;
}

/** The share of time with k in the system, k = 0 … places. */
export function shares({ arrivals, servers, places }: BirthAndDeath): number[] {
  let weight = 1;
  const weights = Array.from({ length: places + 1 }, (_, k) => {
    const own = weight;
    weight *= arrivals / Math.min(k + 1, servers);
    return own;
  });
  const total = weights.reduce((sum, each) => sum + each);
  return weights.map((each) => each / total);
}

/** The mean of f(number in the system) over time. */
export function mean(system: BirthAndDeath, f: (inSystem: number) => number): number {
  return shares(system).reduce((sum, share, k) => sum + share * f(k), 0);
}

/**
 * Standard error of that mean, measured over so many service times: σ² = 2 Σᵢ (Σ_{k≤i} πₖ(fₖ−f̄))² / (λπᵢ).
 * Source: Whitt (1992), Asymptotic formulas for Markov processes with applications to simulation.
 */
export function meanError(system: BirthAndDeath, f: (inSystem: number) => number, serviceTimes: number): number {
  const average = mean(system, f);
  let below = 0;
  let variance = 0;
  shares(system).forEach((share, k) => {
    below += share * (f(k) - average);
    variance += (2 * below ** 2) / (system.arrivals * share);
  });
  return Math.sqrt(variance / serviceTimes);
}

/** The share of arrivals that find every place taken: what Poisson arrivals see is the time average. */
export function lostShare(system: BirthAndDeath): number {
  return shares(system)[system.places]!;
}

/**
 * Standard error of the measured share, at most. What is lost in a given time with all places taken is Poisson, since a
 * lost arrival changes nothing; the number of arrivals errs by itself.
 */
export function lostShareError(system: BirthAndDeath, serviceTimes: number): number {
  const lost = lostShare(system);
  const arrivals = system.arrivals * serviceTimes;
  const full = meanError(system, (k) => (k === system.places ? 1 : 0), serviceTimes);
  return Math.sqrt(lost / arrivals + full ** 2) + lost / Math.sqrt(arrivals);
}
