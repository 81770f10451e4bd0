// The load generators of others: how to start them against a URL, and how to read what they print. Each sends what
// ours sends, a POST with the headers of the fleet.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeRequestHead } from "../../../harness/wire/headers.ts";
import { outputOf } from "../measurement.ts";
import { npmPeer, peerFile } from "../peers.ts";
import type { Peer } from "../peers.ts";
import { cpuSecondsOfChildren } from "./process-table.ts";

export interface HttpFigures {
  readonly requests: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** From what the tool prints; null where it does not. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

export interface HttpPeers {
  readonly autocannon: Peer;
  readonly wrk: Peer;
  readonly hey: Peer;
  readonly artillery: Peer;
}

export async function httpPeers(): Promise<HttpPeers> {
  const bin = (name: string): readonly string[] => [process.execPath, peerFile(`node_modules/.bin/${name}`)];
  return {
    artillery: await npmPeer("artillery", bin("artillery"), true),
    autocannon: await npmPeer("autocannon", bin("autocannon"), true),
    wrk: await debianPeer("wrk", "-v"),
    hey: await debianPeer("hey", "-h"),
  };
}

/** A program of the same name as its Debian package. */
async function debianPeer(name: string, flag: string): Promise<Peer> {
  try {
    await outputOf([name, flag]);
  } catch (error) {
    // Both print their usage and fail; only a program that is not there has no exit code to tell.
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      return { missing: `not installed (Debian: apt-get install ${name})` };
  }
  return { command: [name] };
}

/** Names and values of the headers that the fleet's requests carry. */
const HEAD = writeRequestHead({
  target: 0,
  generation: 0,
  keyHigh: 1,
  keyLow: 2,
  user: 3,
  item: 0,
  criticality: 1,
  headers: 0,
  depth: 0,
  arrivesMs: NaN,
  remainingMs: 1000,
});
const HEADERS = Array.from({ length: HEAD.length / 2 }, (_, index): [string, string] => [
  HEAD[2 * index]!,
  HEAD[2 * index + 1]!,
]);

export interface Shooting {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** null: as fast as answers come. */
  readonly ratePerSecond: number | null;
}

export async function autocannon(command: readonly string[], shooting: Shooting): Promise<HttpFigures> {
  const { url, connections, seconds, ratePerSecond } = shooting;
  const headers = HEADERS.flatMap(([name, value]) => ["-H", `${name}=${value}`]);
  const rate = ratePerSecond === null ? [] : ["-R", String(ratePerSecond)];
  const options = ["-j", "-n", "-m", "POST", "-c", String(connections), "-d", String(seconds), ...rate, ...headers];
  const { output, cpuSeconds } = await timed([...command, ...options, url]);
  const found = JSON.parse(output.trim().split("\n").at(-1)!) as {
    requests: { total: number };
    duration: number;
    latency: { p50: number; p99: number };
  };
  const { requests, duration, latency } = found;
  return { requests: requests.total, seconds: duration, cpuSeconds, p50Ms: latency.p50, p99Ms: latency.p99 };
}

export async function wrk(command: readonly string[], shooting: Shooting, folder: string): Promise<HttpFigures> {
  const script = join(folder, "post.lua");
  writeFileSync(script, 'wrk.method = "POST"\n');
  const headers = HEADERS.flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const options = ["-t", "1", "-c", String(shooting.connections), "-d", `${shooting.seconds}s`, "-s", script];
  const { output, cpuSeconds } = await timed([...command, ...options, ...headers, shooting.url]);
  const [, requests, seconds] = /(\d+) requests in ([\d.]+)s/.exec(output) ?? [];
  return { requests: Number(requests), seconds: Number(seconds), cpuSeconds, p50Ms: null, p99Ms: null };
}

export async function hey(command: readonly string[], shooting: Shooting): Promise<HttpFigures> {
  const { url, connections, seconds, ratePerSecond } = shooting;
  const headers = HEADERS.flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const rate = ratePerSecond === null ? [] : ["-q", String(ratePerSecond / connections)];
  const options = ["-m", "POST", "-c", String(connections), "-z", `${seconds}s`, ...rate];
  const { output, cpuSeconds } = await timed([...command, ...options, ...headers, url]);
  const total = Number(/Total:\s+([\d.]+)/.exec(output)?.[1]);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
  const quantileMs = (percent: number): number =>
    1000 * Number(new RegExp(`${percent}%%? in ([\\d.]+) secs`).exec(output)?.[1]);
  return {
    requests: Math.round(total * perSecond),
    seconds: total,
    cpuSeconds,
    p50Ms: quantileMs(50),
    p99Ms: quantileMs(99),
  };
}

/** It has no number of connections: every user is one of its own, for one request. */
export async function artillery(
  command: readonly string[],
  { url, seconds, ratePerSecond }: Shooting & { readonly ratePerSecond: number },
  folder: string,
): Promise<HttpFigures> {
  const file = join(folder, "artillery.json");
  const { origin, pathname } = new URL(url);
  const post = { post: { url: pathname, headers: Object.fromEntries(HEADERS) } };
  const phases = [{ duration: seconds, arrivalRate: ratePerSecond }];
  writeFileSync(file, JSON.stringify({ config: { target: origin, phases }, scenarios: [{ flow: [post] }] }));
  const { cpuSeconds, output } = await timed([...command, "run", file]);
  const counts = [...output.matchAll(/^http\.requests:[ .]*(\d+)/gm)].map((found) => Number(found[1]));
  return { requests: counts.at(-1) ?? NaN, seconds, cpuSeconds, p50Ms: null, p99Ms: null };
}

async function timed(command: readonly string[]): Promise<{ output: string; cpuSeconds: number }> {
  const before = cpuSecondsOfChildren();
  const output = await outputOf(command);
  return { output, cpuSeconds: cpuSecondsOfChildren() - before };
}
