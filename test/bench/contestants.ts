// Who takes part in the race, and how many requests each simulates per round: as many as the C++ limit where that takes
// seconds, for what warms up while it runs counts; of slower peers about a second's worth.
import { ownProcess } from "./own-process.ts";
import { limitPeer, npmPeer, peerFile, simpyPeer } from "./peers.ts";
import type { Peer } from "./peers.ts";

export const RACES = ["mm1", "tandem", "graph20"] as const;
export type Race = (typeof RACES)[number];

export interface Contestant {
  readonly name: string;
  readonly about: string;
  /** Requests a round; a workload that is not there is not run. */
  readonly requests: Partial<Readonly<Record<Race, number>>>;
  readonly peer: Peer;
  /** Its command line after the peer's, for a workload and a number of requests. */
  readonly words: (race: Race, requests: number) => readonly string[];
}

export const OURS = "Firebreak";
export const LANES = "C++, lanes";
export const PRIORITY_QUEUE = "C++, priority queue";
export const SIMPY = "SimPy";
export const SIMJS = "simjs";
export const SIMSCRIPT = "simscript";

export const OWN_PROCESS = ownProcess("firebreak-process.ts");

/** All of them, ours first; the ones that cannot be had have a `missing` peer. What is compiled goes into the folder. */
export async function contestants(folder: string): Promise<readonly Contestant[]> {
  const limit = await limitPeer(folder);
  const words: Contestant["words"] = (race, requests) => [race, String(requests)];
  return [
    {
      name: OURS,
      about: "the engine of `--engine sim`, all metrics on, recording to a file",
      requests: { mm1: 20_000_000, tandem: 20_000_000, graph20: 1_000_000 },
      peer: { command: OWN_PROCESS },
      words,
    },
    {
      name: LANES,
      about: "limit/des_limit.cpp: hand-written loops, a 4-ary heap and FIFO lanes; g++ -O3",
      requests: { mm1: 20_000_000, tandem: 20_000_000, graph20: 1_000_000 },
      peer: limit,
      words: (...run) => ["lanes", ...words(...run)],
    },
    {
      name: PRIORITY_QUEUE,
      about: "the same with `std::priority_queue` alone",
      requests: { mm1: 10_000_000, tandem: 4_000_000, graph20: 100_000 },
      peer: limit,
      words: (...run) => ["pq", ...words(...run)],
    },
    {
      name: SIMPY,
      about: "3.0.11 of Debian's python3-simpy3, processes and resources",
      requests: { mm1: 150_000, tandem: 60_000, graph20: 2_500 },
      peer: await simpyPeer(),
      words,
    },
    {
      name: SIMJS,
      about: "2.0.3 of npm, entities and facilities",
      requests: { mm1: 500_000, tandem: 200_000 },
      peer: await npmPeer("simjs", [process.execPath, peerFile("simjs.cjs")], false),
      words,
    },
    {
      name: SIMSCRIPT,
      about: "1.0.37 of npm, entities and queues, its faster idiom",
      requests: { mm1: 30_000, tandem: 12_000 },
      peer: await npmPeer("simscript", [process.execPath, peerFile("simscript.cjs")], false),
      words,
    },
  ];
}
