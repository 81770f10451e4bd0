// How sure a share from a few runs is: the Wilson score interval (E. B. Wilson, 1927), which stays inside 0..1
// and is honest at 0 and at 1, where the usual interval has no width.

/** 97.5 % quantile of the normal distribution: a two-sided 95 % interval. */
const Z = 1.959963984540054;

/** 95 % interval of the share that `hits` of `runs` estimate. */
export function wilson(hits: number, runs: number): readonly [number, number] {
  const share = hits / runs;
  const z2 = Z * Z;
  const middle = (share + z2 / (2 * runs)) / (1 + z2 / runs);
  const half = (Z / (1 + z2 / runs)) * Math.sqrt((share * (1 - share)) / runs + z2 / (4 * runs * runs));
  return [hits === 0 ? 0 : middle - half, hits === runs ? 1 : middle + half];
}
