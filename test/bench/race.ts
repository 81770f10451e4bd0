// The race: everyone runs a workload in turn, several rounds of it, so that a slow minute of the machine meets all alike.
import { OURS } from "./contestants.ts";
import type { Contestant, Race } from "./contestants.ts";
import { GOALS, standingOf } from "./goals.ts";
import type { Standing } from "./goals.ts";
import { measure } from "./measurement.ts";
import type { Measurement } from "./measurement.ts";
import { rounded, spreadOf } from "./spread.ts";
import type { Spread } from "./spread.ts";

export interface Entrant {
  readonly name: string;
  readonly about: string;
  /** Per round. */
  readonly requests: number;
  readonly requestsPerCpuSecond: Spread;
  readonly meanServiceTimes: number;
  readonly peakRssMb: number;
  /** Ours ÷ theirs, round by round; null for ourselves. */
  readonly ratio: Spread | null;
  /** null where nothing is aimed at. */
  readonly goal: number | null;
  readonly floor: number | null;
  readonly standing: Standing | null;
}

export interface RaceResult {
  readonly entrants: readonly Entrant[];
  readonly missing: readonly { readonly name: string; readonly why: string }[];
}

export async function race(
  name: Race,
  contestants: readonly Contestant[],
  rounds: number,
  say: (line: string) => void,
): Promise<RaceResult> {
  const all = contestants.filter(({ requests }) => requests[name] !== undefined);
  const present = all.filter(({ peer }) => "command" in peer);
  const runs = new Map(present.map((contestant): [Contestant, Measurement[]] => [contestant, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const [contestant, measured] of runs) {
      say(`${name}: round ${round} of ${rounds}, ${contestant.name}`);
      measured.push(await measure(commandOf(contestant, name)));
    }
  }
  const ours = [...runs].find(([{ name }]) => name === OURS)![1].map(speedOf);
  const entrants = [...runs].map(([contestant, measured]): Entrant => {
    const speeds = measured.map(speedOf);
    const ratio = contestant.name === OURS ? null : spreadOf(speeds.map((speed, round) => ours[round]! / speed));
    const goal = GOALS[name][contestant.name] ?? null;
    return {
      name: contestant.name,
      about: contestant.about,
      requests: contestant.requests[name]!,
      requestsPerCpuSecond: spreadOf(speeds),
      meanServiceTimes: spreadOf(measured.map(({ meanServiceTimes }) => meanServiceTimes)).median,
      peakRssMb: rounded(Math.max(...measured.map(({ peakRssMb }) => peakRssMb))),
      ratio,
      goal: goal?.atLeast ?? null,
      floor: goal?.floor ?? null,
      standing: goal === null || ratio === null ? null : standingOf(ratio.median, goal),
    };
  });
  const missing = all.flatMap(({ name, peer }) => ("missing" in peer ? [{ name, why: peer.missing }] : []));
  return { entrants, missing };
}

function commandOf({ peer, words, requests }: Contestant, race: Race): readonly string[] {
  return "command" in peer ? [...peer.command, ...words(race, requests[race]!)] : [];
}

function speedOf({ requests, cpuSeconds }: Measurement): number {
  return requests / cpuSeconds;
}
