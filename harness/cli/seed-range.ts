// Which seeds a study is run at: the scenario's own, so many from there on, or a range of them.
import { InvalidArgumentError } from "commander";

/** Both ends included. */
export interface SeedRange {
  readonly from: number;
  readonly to: number;
}

/** Reads `1..20`; throws for commander to print. */
export function seedRange(value: string, most: number): SeedRange {
  const match = /^(-?\d{1,15})\.\.(-?\d{1,15})$/.exec(value);
  if (match === null) throw new InvalidArgumentError('Write it as "1..20", both included.');
  const [from, to] = [Number(match[1]), Number(match[2])];
  if (to < from) throw new InvalidArgumentError("The first seed must not be above the last.");
  if (to - from >= most) throw new InvalidArgumentError(`At most ${most} seeds.`);
  return { from, to };
}

/** In ascending order. `own` is the seed of the scenario, or of `--seed`. */
export function seedsOf(
  own: number,
  { repeat = 1, seeds }: { readonly repeat?: number; readonly seeds?: SeedRange },
): number[] {
  const { from, to } = seeds ?? { from: own, to: own + repeat - 1 };
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
