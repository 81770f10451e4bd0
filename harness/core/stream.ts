// Seeded streams, one per name, for what is generated in order: arrivals, populations, payloads.
// Whatever happens to a request draws by key instead (key.ts), so that variants stay comparable.
import seedrandom from "seedrandom";

/** 2⁻³² */
const FRACTION = 2.3283064365386963e-10;

/** Where the state keeps what is carried over to the next draw, after the library's three numbers. */
const CARRY = 3;

/** The same sequence for the same run seed and name (`load/listeners/arrivals`), whoever else draws. */
export class Stream {
  /** Unboxed, for every request of an open load is such a draw. */
  readonly #state: Float64Array;

  constructor(seed: number, name: string) {
    const { c, s0, s1, s2 } = seedrandom.alea(`${seed}/${name}`, { state: true }).state() as unknown as AleaState;
    this.#state = Float64Array.of(s0, s1, s2, c);
  }

  /** Uniform in [0, 1): the library's own step. A method, for V8 makes no difference between the streams of two runs then. */
  next(): number {
    const state = this.#state;
    const next = 2091639 * state[0]! + state[CARRY]! * FRACTION;
    state[0] = state[1]!;
    state[1] = state[2]!;
    const carry = next | 0;
    state[CARRY] = carry;
    return (state[2] = next - carry);
  }
}

/** Alea's: what `state()` of the library gives. */
interface AleaState {
  readonly c: number;
  readonly s0: number;
  readonly s1: number;
  readonly s2: number;
}
