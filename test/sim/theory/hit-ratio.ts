// Hit ratios of caches under independent requests, by theory: exactly, and by Che's approximation.

/** How often each of `count` keys is asked for, by Zipf's law. */
export function zipfShares(count: number, exponent: number): number[] {
  const weights = Array.from({ length: count }, (_, index) => (index + 1) ** -exponent);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * Che's approximation: every key stays for the same time t after it was asked for, such that 1 − e^(−pᵢ t) sum up to the
 * capacity. Sources: Che, Tung, Wang, "Hierarchical Web Caching Systems", IEEE JSAC 20 (2002); why it is so good:
 * Fricker, Robert, Roberts, "A versatile and accurate approximation for LRU cache performance", ITC 24 (2012).
 */
export function cheHitRatio(shares: readonly number[], capacity: number): number {
  const time = cheTime(shares, capacity);
  return shares.reduce((sum, share) => sum + share * (1 - Math.exp(-share * time)), 0);
}

/**
 * Exactly: a request for key i hits when fewer than `capacity` other keys were asked for since the last one for i, which
 * was an exponential time ago; each other key j was, by then, with probability 1 − e^(−pⱼ t), independently.
 */
export function lruHitRatio(shares: readonly number[], capacity: number): number {
  const intervals = 200;
  // By then so many keys were asked for that none is left to hit.
  const horizon = 10 * cheTime(shares, capacity);
  let ratio = 0;
  for (let interval = 0; interval < intervals; interval++) {
    // Short times, where most happens, are looked at closely; each interval at its middle.
    const from = horizon * (interval / intervals) ** 2;
    const to = horizon * ((interval + 1) / intervals) ** 2;
    const asked = shares.map((share) => 1 - Math.exp((-share * (from + to)) / 2));
    shares.forEach((share, key) => {
      const density = Math.exp(-share * from) - Math.exp(-share * to);
      const others = asked.filter((_, other) => other !== key);
      ratio += share * density * fewer(others, capacity);
    });
  }
  return ratio;
}

/** The time, in requests, that Che's approximation is about. */
function cheTime(shares: readonly number[], capacity: number): number {
  const held = (time: number): number => shares.reduce((sum, share) => sum + 1 - Math.exp(-share * time), 0);
  let low = 0;
  let high = 1;
  while (held(high) < capacity) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (held(middle) < capacity) low = middle;
    else high = middle;
  }
  return low;
}

/** The probability that fewer than `most` of these independent events happen. */
function fewer(probabilities: readonly number[], most: number): number {
  const counts = new Float64Array(most);
  counts[0] = 1;
  for (const probability of probabilities) {
    for (let count = most - 1; count > 0; count--)
      counts[count] = counts[count]! * (1 - probability) + counts[count - 1]! * probability;
    counts[0] *= 1 - probability;
  }
  return counts.reduce((sum, count) => sum + count, 0);
}
