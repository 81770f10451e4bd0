// The map of the textbook metastable failure: load × attempts × defence. Writes docs/evidence/metastable-map.md.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { CAPACITY, defences, PAUSE_SECONDS, secondsDown, WATCHED_SECONDS } from "../sim/metastable-cell.ts";

const PAGE = fileURLToPath(new URL("../../docs/evidence/metastable-map.md", import.meta.url));
const LOADS = Array.from({ length: 12 }, (_, index) => 60 + 20 * index);
const ATTEMPTS = [1, 2, 3, 4];

/** test/sim/metastable-boundary.test.ts argues for these: so far below the boundary it ends, so far above it stays. */
const BELOW = 0.9;
const ABOVE = 1.04;

interface Defence {
  readonly about: string;
  /** The load from which on the outage stays, by theory; null where nobody has one. */
  readonly boundary: ((attempts: number) => number) | null;
}

const DEFENCES: Readonly<Record<string, Defence>> = {
  none: {
    about:
      "Everybody who fails makes every attempt, so the backlog shrinks by C − L(1 + R): the boundary is C/(1 + R).",
    boundary: (attempts) => CAPACITY / attempts,
  },
  "back-off": {
    about: "Exponential, from 100 ms to 1 s, with full jitter. The same attempts come a little later: nothing moves.",
    boundary: (attempts) => CAPACITY / attempts,
  },
  "retry-budget": {
    about: "One retry for ten calls, so never more than 1.1 attempts a call: the boundary is C/1.1, whatever R.",
    boundary: (attempts) => CAPACITY / Math.min(attempts, 1.1),
  },
  "expiry-dropping": {
    about:
      "Who gave up is skipped at no cost when his turn comes. Whose turn it then is has waited nearly as long, and gives up while being served; where queries come farther apart some are in time, and chance ends it.",
    boundary: null,
  },
  "bounded-queue": {
    about: "At most 150 wait, half a second's work: whoever gets in is in time. There is no boundary below C.",
    boundary: () => CAPACITY,
  },
  "long-bounded-queue": {
    about:
      "At most 600 wait, two seconds' work, and everybody gives up after one. It limits what the pause leaves behind, so it helps at small loads; a queue that is full is of no use to anybody in it.",
    boundary: null,
  },
  lifo: {
    about: "The newest first: it is in time, so it is not tried again. There is no boundary below C.",
    boundary: () => CAPACITY,
  },
};

const rows = new Map<string, string>();

describe.each(Object.entries(DEFENCES))("%s", (defence, { boundary }) => {
  test.each(ATTEMPTS)("%i attempts", async (attempts) => {
    const cells: string[] = [];
    for (const ratePerSecond of LOADS) {
      const seconds = await secondsDown({ ratePerSecond, attempts, defence });
      cells.push(seconds === null ? "**stays**" : String(seconds));
      if (boundary === null) continue;
      const share = ratePerSecond / boundary(attempts);
      if (share <= BELOW) expect.soft(seconds, `${ratePerSecond} a second`).not.toBeNull();
      if (share >= ABOVE) expect.soft(seconds, `${ratePerSecond} a second`).toBeNull();
    }
    expect(cells).toHaveLength(LOADS.length);
    const theory = boundary === null ? "–" : boundary(attempts).toFixed(0);
    rows.set(`${defence}/${attempts}`, `| ${[attempts, theory, ...cells].join(" | ")} |`);
  });
});

test("every defence of the scenario is on the map", () => {
  expect(defences().toSorted(byText)).toEqual(Object.keys(DEFENCES).toSorted(byText));
});

afterAll(() => {
  // A part of the map is none.
  if (rows.size < Object.keys(DEFENCES).length * ATTEMPTS.length) return;
  mkdirSync(path.dirname(PAGE), { recursive: true });
  writeFileSync(PAGE, page());
});

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function page(): string {
  const sections = Object.entries(DEFENCES).map(([defence, { about }]) =>
    [
      `## ${defence}`,
      "",
      about,
      "",
      `| attempts | boundary | ${LOADS.join(" | ")} |`,
      `|---|---|${LOADS.map(() => "---|").join("")}`,
      ...ATTEMPTS.map((attempts) => rows.get(`${defence}/${attempts}`)!),
      "",
    ].join("\n"),
  );
  return `# Map of the textbook metastable failure

Written by \`npm run verify\`: \`scenarios/regressions/metastable-map.yaml\` at each load and number of attempts, under one
defence at a time. A database that can do C = ${CAPACITY} queries a second stands still for ${PAUSE_SECONDS} s while callers give up after
one second and try again at once. A number is how many seconds after the pause 99 % of the requests were good for good,
in windows of ten seconds; **stays** means not within ${WATCHED_SECONDS} s. Loads are requests a second; the second column is the load
from which on theory says that it stays. The failure is Bronson et al., "Metastable Failures in Distributed Systems",
HotOS 2021: with one retry, fine at 280 a second until something happens, and stable by itself below 150.

Without retries there is nothing to sustain it: it takes S·L/(C − L) seconds, 140 at 280 a second. With R retries, those
who fail ask L(1 + R) times a second. Why so far from the boundary, and no nearer, can be told apart in a run of this
length is argued in \`test/sim/metastable-boundary.test.ts\`.

${sections.join("\n")}`;
}
