// Six independent runs of one queue give the error of a mean whose variance has no closed form: Student's t with five
// degrees of freedom passes 6.87 once in a thousand.
const EXCEEDED_ONCE_IN_A_THOUSAND = 6.87;

export interface Estimate {
  readonly mean: number;
  readonly tolerance: number;
}

export function estimate(measured: readonly number[]): Estimate {
  if (measured.length !== 6) throw new Error(`six runs, not ${measured.length}`);
  const mean = measured.reduce((sum, each) => sum + each) / measured.length;
  const variance = measured.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (measured.length - 1);
  return { mean, tolerance: EXCEEDED_ONCE_IN_A_THOUSAND * Math.sqrt(variance / measured.length) };
}
