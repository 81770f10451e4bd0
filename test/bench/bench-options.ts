// The command line of the bench.
import { parseArgs } from "node:util";
import { RACES } from "./contestants.ts";
import { LIVE_PARTS } from "./live/live-bench.ts";

export interface BenchOptions {
  readonly isLive: boolean;
  readonly rounds: number;
  /** Of the simulated or of the live parts. */
  readonly parts: readonly string[];
  readonly isotope: string | null;
}

const SIMULATED: readonly string[] = [...RACES, "growth"];

export const USAGE = `usage: npm run bench -- [--rounds 5] [--only ${SIMULATED.join(",")}] [--isotope FILE]
       npm run bench -- live [--rounds 5] [--only ${LIVE_PARTS.join(",")}]
`;

/** null where it is not understood. */
export function benchOptions(words: readonly string[]): BenchOptions | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { rounds: { type: "string", default: "5" }, only: { type: "string" }, isotope: { type: "string" } },
    });
    const isLive = positionals[0] === "live";
    const all: readonly string[] = isLive ? LIVE_PARTS : SIMULATED;
    const parts = values.only?.split(",") ?? all;
    const rounds = Number(values.rounds);
    const isUnderstood = positionals.length === (isLive ? 1 : 0) && parts.every((part) => all.includes(part));
    if (!isUnderstood || !Number.isInteger(rounds) || rounds < 1) return null;
    return { isLive, rounds, parts, isotope: values.isotope ?? null };
  } catch {
    // An option that does not exist.
    return null;
  }
}
