// The page that the bench writes: what is measured and how, the tables, how to repeat it. A function of the results.
import { RACES } from "./contestants.ts";
import type { Race } from "./contestants.ts";
import type { Growth } from "./growth.ts";
import type { RaceResult } from "./race.ts";
import { LIVE_PARTS } from "./live/live-bench.ts";
import type { LiveRow } from "./live/live-row.ts";
import type { LiveParts, Results, Rounds } from "./results.ts";
import { markdownTable, numberText, spreadText } from "./table.ts";

const WHAT: Readonly<Record<Race, string>> = {
  mm1: "One queue with one worker at load 0.8: 2 events a request. Its mean latency is 5 service times.",
  tandem: "Three such queues in a row: 4 events a request. The mean is 15 service times.",
  graph20:
    "A gateway that calls three services together, each of which calls five or six of sixteen leaves together; 8 workers " +
    "each, exponential work of 10 ms, 560 requests/s, hops of 0.5 ms, timeouts of 1 s, 0.5 s and 0.25 s that are " +
    "cancelled nearly always: 59 events and 20 cancelled timers a request.",
};

export function pageOf(results: Results): string {
  const { cpu, cores, node } = results.machine;
  return [
    "# Bench",
    "Written by `npm run bench`, from `results.json`.",
    `Measured on ${cores} cores (${cpu}), Node.js ${node}. Shared machines are noisy: every figure is the median of several ` +
      "rounds, with the lowest and the highest in brackets, and what counts is ratios of programs that ran in turn.",
    ...races(results),
    ...(results.growth === undefined ? [] : [growthText(results.growth)]),
    ...(results.live === undefined ? [] : [liveText(results.live)]),
    HOW,
    REPEAT,
  ]
    .join("\n\n")
    .concat("\n");
}

function races(results: Results): string[] {
  return RACES.flatMap((name) => {
    const found = results.races[name];
    return found === undefined ? [] : [raceText(name, found)];
  });
}

export function raceText(name: Race, { entrants, missing, ...frame }: Rounds<RaceResult>): string {
  const rows = entrants.map((entrant) => [
    entrant.name,
    spreadText(entrant.requestsPerCpuSecond),
    entrant.ratio === null ? "" : spreadText(entrant.ratio),
    entrant.goal === null ? "" : `≥ ${entrant.goal}${entrant.floor === null ? "" : ` (floor ${entrant.floor})`}`,
    entrant.standing ?? "",
    numberText(entrant.meanServiceTimes),
    numberText(entrant.peakRssMb),
  ]);
  const header = ["", "requests per CPU second", "ours ÷ theirs", "goal", "", "mean latency", "peak MB"];
  const absent = missing.map(({ name, why }) => `Missing: ${name}: ${why}.`);
  return [`## ${name}`, `${WHAT[name]} ${frameText(frame)}`, markdownTable(header, rows), ...absent].join("\n\n");
}

export function growthText({ rows, goals, ...frame }: Rounds<Growth>): string {
  const cases = rows.map((row) => [
    row.what,
    spreadText(row.requestsPerCpuSecond),
    spreadText(row.eventsPerCpuSecond),
    spreadText(row.cpuSeconds),
    spreadText(row.memoryAboveIdleMb),
    numberText(row.idleRssMb),
    numberText(row.loadMs),
  ]);
  const header = [
    "",
    "requests per CPU second",
    "events per CPU second",
    "CPU seconds",
    "MB above idle",
    "idle MB",
    "load ms",
  ];
  const aims = goals.map(({ what, value, limit, standing }) => [what, spreadText(value), limit, standing]);
  return [
    "## Growth",
    `Ours alone. ${frameText(frame)} Idle: the process when the plan is compiled and the run has not begun; load: reading and ` +
      "compiling the scenario. The graphs of 20, 200 and 1,000 services have one shape and go through `isotope.ts`, the " +
      "largest with two replicas of everything.",
    markdownTable(header, cases),
    markdownTable(["", "measured", "goal", ""], aims),
  ].join("\n\n");
}

function frameText({ rounds, loadBefore }: Rounds<unknown>): string {
  return `Rounds: ${rounds}; load of the machine before: ${loadBefore}.`;
}

export function liveText(live: LiveParts): string {
  const tables = LIVE_PARTS.flatMap((part) => live[part] ?? []);
  const rows = tables.flatMap((table) => table.rows.map((row) => liveLine(row, table)));
  const header = ["", "measured", "goal", "", "rounds", "load before", ""];
  return ["## Live", LIVE, markdownTable(header, rows)].join("\n\n");
}

function liveLine(row: LiveRow, { rounds, loadBefore }: Rounds<unknown>): string[] {
  const { what, measured, unit, goal, standing, note } = row;
  const text = measured === null ? "not measured" : `${spreadText(measured)} ${unit}`.trimEnd();
  return [what, text, goal, standing ?? "", String(rounds), String(loadBefore), note];
}

const LIVE =
  "Real processes on this machine. Clients are compared against one server that does as little as Node can, with the " +
  "headers of the fleet on every request. The CPU of a peer is that of its run less that of a run of one request.";

const HOW = `## How

- Ours runs ordinary scenario files (\`scenarios/\`) through the language, with every metric on, and streams its recording to
  a file as \`firebreak run\` does. The C++ limit (\`limit/\`) is written by hand for these workloads and measures one latency.
- CPU seconds are user plus system time of all threads around the run, taken inside each process: starting an interpreter,
  loading modules and compiling a plan do not count, compiling JavaScript while it runs does.
- Every run is a process of its own; the contestants of a workload run in turn, round by round. A ratio is taken within
  its round. Each simulates as many requests as take it about a second, or a few.
- Latency is in mean service times: that it is the same for everyone says that they simulate the same thing.`;

const REPEAT = `## How to repeat it

\`\`\`sh
npm run bench                             # everything simulated, five rounds
npm run bench -- --rounds 9 --only graph20
npm run bench -- --only growth --isotope 1000-svc_5000-end.yaml
npm run bench -- live                     # the live engine, a quarter of an hour
\`\`\`

simjs, simscript, autocannon and artillery are fetched into \`peers/node_modules\` when they are first needed; SimPy comes
from Debian, like wrk and hey (\`apt-get install python3-simpy3 wrk hey\`), and the limit wants \`g++\`. What cannot be had is named as missing.
\`--only\` keeps the other figures if they are of the same kind of machine.`;
