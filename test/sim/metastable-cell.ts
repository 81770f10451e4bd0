// One point of the map of the textbook metastable failure: a load, a number of attempts, a defence; and what became of
// the outage there.
import { fileURLToPath } from "node:url";
import { assert } from "../../harness/core/assert.ts";
import { loadStudy } from "../../harness/language/load-study.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { record, Sums } from "./run.ts";

const SCENARIO = fileURLToPath(new URL("../../scenarios/regressions/metastable-map.yaml", import.meta.url));

/** What the database can do, and how long it stands still. */
export const CAPACITY = 300;
export const PAUSE_SECONDS = 10;

/** When the pause is over, and how long the run lasts after that. */
const OVER_MS = 60_000;
export const WATCHED_SECONDS = 200;

/** Availability is looked at in windows of ten seconds: one second of a small load is nothing but chance. */
const WINDOW_MS = 10_000;

export interface Cell {
  readonly ratePerSecond: number;
  /** The first one included. */
  readonly attempts: number;
  readonly defence: string;
}

/** Seconds from the end of the pause until 99 % of the requests are good for good; null if that is never the case. */
export async function secondsDown({ ratePerSecond, attempts, defence }: Cell, seed = 2021): Promise<number | null> {
  const plan = planOf(ratePerSecond, attempts, defence, seed);
  assert(plan.endMs === OVER_MS + WATCHED_SECONDS * 1000, "the scenario lasts as long as this file says");
  const recording = await record(plan);
  for (let fromMs = plan.endMs - WINDOW_MS; fromMs >= OVER_MS; fromMs -= WINDOW_MS) {
    const sums = new Sums(recording, fromMs, fromMs + WINDOW_MS);
    if (sums.journey("outcome") >= 0.99 * sums.journey("ended")) continue;
    const isLast = fromMs + WINDOW_MS === plan.endMs;
    return isLast ? null : (fromMs + WINDOW_MS - OVER_MS) / 1000;
  }
  return 0;
}

/** As they stand in the scenario. */
export function defences(): string[] {
  return variantsOf(CAPACITY / 2, 2, 1).map(({ strategy }) => strategy!);
}

function planOf(ratePerSecond: number, attempts: number, defence: string, seed: number): Plan {
  const plan = variantsOf(ratePerSecond, attempts, seed).find(({ strategy }) => strategy === defence);
  assert(plan !== undefined, `the scenario has the defence ${defence}`);
  return plan;
}

function variantsOf(ratePerSecond: number, attempts: number, seed: number): Plan[] {
  const vars = { rate: `${ratePerSecond}/s`, attempts: String(attempts), watch: "4m" };
  const { study, problems } = loadStudy(SCENARIO, {
    vars,
    seed,
    strategies: null,
    engine: "sim",
    size: null,
    strict: false,
  });
  assert(study !== null, problems.map(({ message }) => message).join("; "));
  return study.variants.map(({ plan }) => plan);
}
