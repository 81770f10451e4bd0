// Seeded streams, one per name, for what is generated in order: arrivals, populations, payloads.
// Whatever happens to a request draws by key instead (key.ts), so that variants stay comparable.
import seedrandom from "seedrandom";

/** 2⁻³² */
const FRACTION = 2.3283064365386963e-10;

/** Uniform in [0, 1), the same sequence for the same run seed and name (`load/listeners/arrivals`), whoever else draws. */
export function stream(seed: number, name: string): () => number {
  const { c, s0, s1, s2 } = seedrandom.alea(`${seed}/${name}`, { state: true }).state() as unknown as AleaState;
  // The library's own step over numbers that stay unboxed, for every request of an open load is such a draw.
  const state = Float64Array.of(s0, s1, s2);
  let carry = c;
  return () => {
    const next = 2091639 * state[0]! + carry * FRACTION;
    state[0] = state[1]!;
    state[1] = state[2]!;
    carry = next | 0;
    return (state[2] = next - carry);
  };
}

/** Alea's: what `state()` of the library gives. */
interface AleaState {
  readonly c: number;
  readonly s0: number;
  readonly s1: number;
  readonly s2: number;
}
