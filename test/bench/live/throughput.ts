// How many requests a second a client brings through, and what each costs it: ours and others against one target.
import { outputOf } from "../measurement.ts";
import { ownProcess } from "../own-process.ts";
import { artillery, autocannon, wrk } from "./http-peers.ts";
import type { HttpFigures, Shooting } from "./http-peers.ts";
import type { LiveOptions } from "./live-options.ts";
import { missingRow, rowOf } from "./live-row.ts";
import type { LiveRow } from "./live-row.ts";
import { scenarioFile } from "./live-scenario.ts";
import { Target } from "./target.ts";

const CLOSED_LOOP = ownProcess("live/closed-loop-process.ts");
const CONNECTIONS = 32;
const SECONDS = 8;
/** What artillery does comfortably on one core. */
const ARTILLERY_PER_SECOND = 100;

interface Figures {
  readonly perSecond: number;
  readonly cpuPerRequestUs: number;
}

interface Client {
  readonly name: string;
  readonly run: (shooting: Shooting) => Promise<HttpFigures>;
  /** One request: what starting it costs. */
  readonly start: (shooting: Shooting) => Promise<HttpFigures>;
}

export async function throughput({ rounds, peers, folder, say }: LiveOptions): Promise<LiveRow[]> {
  const target = await Target.start();
  const shooting: Shooting = { url: target.url, connections: CONNECTIONS, seconds: SECONDS, ratePerSecond: null };
  const ours: Figures[] = [];
  const clients = clientsOf(peers, folder);
  const found = new Map(clients.map(({ name }): [string, Figures[]] => [name, []]));
  const starts = new Map<string, number>();
  try {
    for (const { name, start } of clients) starts.set(name, (await start(shooting)).cpuSeconds);
    for (let round = 1; round <= rounds; round++) {
      say(`throughput: round ${round} of ${rounds}`);
      ours.push(await closedLoop("target", target.port, 0, CONNECTIONS, SECONDS));
      for (const { name, run } of clients) {
        const { requests, seconds, cpuSeconds } = await run(shooting);
        const cpuPerRequestUs = ((cpuSeconds - starts.get(name)!) / requests) * 1e6;
        found.get(name)!.push({ perSecond: requests / seconds, cpuPerRequestUs });
      }
    }
  } finally {
    await target.stop();
  }
  const ratios = (name: string, value: (figures: Figures) => number): number[] | null =>
    found.get(name)?.map((theirs, round) => value(ours[round]!) / value(theirs)) ?? null;
  const speed = ({ perSecond }: Figures): number => perSecond;
  const cost = ({ cpuPerRequestUs }: Figures): number => cpuPerRequestUs;
  const row = (
    what: string,
    values: number[] | null,
    aim: { atLeast: number } | { atMost: number },
    name: keyof typeof peers,
  ) => {
    if (values !== null) return rowOf(what, values, "", aim);
    const peer = peers[name];
    const goal = "atLeast" in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`;
    return missingRow(what, goal, "missing" in peer ? `${name}: ${peer.missing}` : "");
  };
  const note = "the calling half of the product in a loop of the bench's: loads of the language are open";
  return [
    rowOf(`requests/s, closed loop, ${CONNECTIONS} connections`, ours.map(speed), "/s", null, note),
    row("the same ÷ autocannon", ratios("autocannon", speed), { atLeast: 1 }, "autocannon"),
    row("the same ÷ wrk", ratios("wrk", speed), { atLeast: 0.6 }, "wrk"),
    rowOf("client CPU per request", ours.map(cost), "µs", null),
    row("the same ÷ autocannon", ratios("autocannon", cost), { atMost: 0.8 }, "autocannon"),
    row("the same ÷ wrk", ratios("wrk", cost), { atMost: 3 }, "wrk"),
    row("the same ÷ artillery", ratios("artillery", cost), { atMost: 0.1 }, "artillery"),
  ];
}

/** The target of one scenario, whose first journey begins at that port. */
export async function closedLoop(
  scenario: string,
  port: number,
  generation: number,
  connections: number,
  seconds: number,
): Promise<Figures> {
  const words = [scenarioFile(scenario), port, generation, connections, seconds].map(String);
  const line = (await outputOf([...CLOSED_LOOP, ...words])).trim().split("\n").at(-1)!;
  const { requests, good, elapsedSeconds, cpuSeconds } = JSON.parse(line) as Record<
    "requests" | "good" | "elapsedSeconds" | "cpuSeconds",
    number
  >;
  if (good < 0.999 * requests) throw new Error(`only ${good} of ${requests} requests of the closed loop were good`);
  return { perSecond: requests / elapsedSeconds, cpuPerRequestUs: (cpuSeconds / requests) * 1e6 };
}

function clientsOf(peers: LiveOptions["peers"], folder: string): readonly Client[] {
  const clients: Client[] = [];
  if ("command" in peers.autocannon) {
    const { command } = peers.autocannon;
    const start: Client["start"] = (given) => autocannon([...command, "-a", "1"], { ...given, connections: 1 });
    clients.push({ name: "autocannon", run: (given) => autocannon(command, given), start });
  }
  if ("command" in peers.wrk) {
    const { command } = peers.wrk;
    // It has nothing to start but itself.
    const start = async (): Promise<HttpFigures> => ({
      requests: 0,
      seconds: 0,
      cpuSeconds: 0,
      p50Ms: null,
      p99Ms: null,
    });
    clients.push({ name: "wrk", run: (given) => wrk(command, given, folder), start });
  }
  if ("command" in peers.artillery) {
    const { command } = peers.artillery;
    const at = (given: Shooting, ratePerSecond: number, seconds: number): Promise<HttpFigures> =>
      artillery(command, { ...given, ratePerSecond, seconds }, folder);
    clients.push({
      name: "artillery",
      run: (given) => at(given, ARTILLERY_PER_SECOND, given.seconds),
      start: (given) => at(given, 1, 1),
    });
  }
  return clients;
}
