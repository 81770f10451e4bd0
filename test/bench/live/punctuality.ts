// Whether requests leave when they were meant to: send errors, how evenly they arrive, and what a client sees of a
// server that stands still (one that waits for its answers sends nothing meanwhile, and omits what users would see).
import { autocannon, hey } from "./http-peers.ts";
import type { HttpFigures, Shooting } from "./http-peers.ts";
import { generateLoad } from "./generated-load.ts";
import type { LiveOptions } from "./live-options.ts";
import { missingRow, rowOf } from "./live-row.ts";
import type { LiveRow } from "./live-row.ts";
import { livePlan } from "./live-scenario.ts";
import { Target } from "./target.ts";

const WRK2 = "wrk2 is no Debian package: not run";
const EVEN = { ratePerSecond: 500, connections: 10, seconds: 10 };
const WINDOW_MS = 20;
/** Tools start and end at different speeds. */
const MARGIN_MS = 1000;
const FROZEN = { ratePerSecond: 500, connections: 10, seconds: 12 };
const FREEZE = { afterMs: 5000, forMs: 1000 };
/** Of arrivals spread evenly over the run, those within the freeze wait for the rest of it: P(wait > x) = (1 s − x) ÷ run. */
const TRUE_P99_MS = FREEZE.forMs - 0.01 * FROZEN.seconds * 1000;

export async function sendErrors({ rounds, say }: LiveOptions): Promise<LiveRow[]> {
  const target = await Target.start();
  const p50: number[] = [];
  const p99: number[] = [];
  const costUs: number[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      say(`send errors: round ${round} of ${rounds}`);
      const { figures, cpuSeconds } = await generateLoad(livePlan("target", { rate: "1000/s" }), target.port);
      p50.push(figures.sendErrorMs.p50);
      p99.push(figures.sendErrorMs.p99);
      costUs.push((cpuSeconds / figures.sent) * 1e6);
    }
  } finally {
    await target.stop();
  }
  return [
    rowOf("send error at 1,000/s, p50", p50, "ms", { atMost: 0.2 }),
    rowOf("send error at 1,000/s, p99", p99, "ms", { atMost: 2 }),
    rowOf("CPU per request of the open generator at 1,000/s", costUs, "µs", null),
  ];
}

interface Shooter {
  readonly name: string;
  readonly run: (
    target: Target,
    shooting: Shooting,
    onBegin: (leadMs: number) => void,
  ) => Promise<{
    readonly p99Ms: number;
  }>;
}

export async function burstiness(options: LiveOptions): Promise<LiveRow[]> {
  const found = await everyone(options, "burstiness", async ({ run }, target) => {
    await target.arrivalsMs();
    await run(target, { url: target.url, ...EVEN }, () => {});
    return dispersion(await target.arrivalsMs());
  });
  return [...found].map(([name, values]) =>
    rowOf(
      `index of dispersion per ${WINDOW_MS} ms at a constant ${EVEN.ratePerSecond}/s: ${name}`,
      values,
      "",
      name === "ours" ? { atMost: 0.34 } : null,
      name === "ours" ? `${WRK2}; the aim is what it was measured at elsewhere` : "",
    ),
  );
}

export async function frozenServer(options: LiveOptions): Promise<LiveRow[]> {
  const found = await everyone(options, "frozen server", async ({ run }, target) => {
    const { p99Ms } = await run(target, { url: target.url, ...FROZEN }, (leadMs) =>
      target.freeze(leadMs + FREEZE.afterMs, FREEZE.forMs),
    );
    return p99Ms;
  });
  const what = `server frozen for 1 s under ${FROZEN.ratePerSecond}/s for ${FROZEN.seconds} s: p99`;
  const ours = found.get("ours")!;
  return [
    rowOf(
      `${what}: ours ÷ the true ${TRUE_P99_MS} ms, less 1`,
      ours.map((p99Ms) => p99Ms / TRUE_P99_MS - 1),
      "",
      { within: 0.05 },
    ),
    ...[...found].map(([name, values]) => rowOf(`${what}: ${name}`, values, "ms", null)),
    missingRow(`${what}: wrk2`, "within 5 %", WRK2),
  ];
}

/** Runs everyone in turn, each against a target of its own. */
async function everyone(
  options: LiveOptions,
  what: string,
  measured: (shooter: Shooter, target: Target) => Promise<number>,
): Promise<Map<string, number[]>> {
  const shooters = shootersOf(options);
  const found = new Map(shooters.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 1; round <= options.rounds; round++) {
    for (const shooter of shooters) {
      options.say(`${what}: round ${round} of ${options.rounds}, ${shooter.name}`);
      const target = await Target.start();
      try {
        found.get(shooter.name)!.push(await measured(shooter, target));
      } finally {
        await target.stop();
      }
    }
  }
  return found;
}

function shootersOf({ peers }: LiveOptions): readonly Shooter[] {
  const shooters: Shooter[] = [
    {
      name: "ours",
      run: async (target, { ratePerSecond, seconds }, onBegin) => {
        const plan = livePlan("target", { rate: `${ratePerSecond}/s`, duration: `${seconds}s` });
        const { latency } = await generateLoad(plan, target.port, onBegin);
        return { p99Ms: latency.quantileMs(0.99)! };
      },
    },
  ];
  const add = (
    name: "autocannon" | "hey",
    shoot: (command: readonly string[], given: Shooting) => Promise<HttpFigures>,
  ) => {
    const peer = peers[name];
    if (!("command" in peer)) return;
    shooters.push({
      name: name === "autocannon" ? "autocannon -R" : "hey -q",
      run: async (_target, shooting, onBegin) => {
        onBegin(0);
        const { p99Ms } = await shoot(peer.command, shooting);
        return { p99Ms: p99Ms! };
      },
    });
  };
  add("autocannon", autocannon);
  add("hey", hey);
  return shooters;
}

/** Variance ÷ mean of the arrivals per window: 1 for Poisson, 0 for a clock. */
function dispersion(arrivalsMs: readonly number[]): number {
  const fromMs = arrivalsMs[0]! + MARGIN_MS;
  const windows = Math.floor((arrivalsMs.at(-1)! - MARGIN_MS - fromMs) / WINDOW_MS);
  const counts = new Array<number>(windows).fill(0);
  for (const ms of arrivalsMs) {
    const window = Math.floor((ms - fromMs) / WINDOW_MS);
    if (window >= 0 && window < windows) counts[window]!++;
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / windows;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / windows / mean;
}
