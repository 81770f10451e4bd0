// Seeded streams, one per name, for what is generated in order: arrivals, populations, payloads.
// Whatever happens to a request draws by key instead (key.ts), so that variants stay comparable.
import seedrandom from "seedrandom";

/** Uniform in [0, 1), the same sequence for the same run seed and name (`load/listeners/arrivals`), whoever else draws. */
export function stream(seed: number, name: string): () => number {
  return seedrandom.alea(`${seed}/${name}`);
}
