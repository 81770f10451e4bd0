// One variant of a shipped scenario, run as `live` would run it and judged without a control run, on either engine.
import type { Engine } from "../../harness/engine/engine.ts";
import { loadStudy } from "../../harness/language/load-study.ts";
import type { Plan, Study } from "../../harness/model/plan.ts";
import { simEngine } from "../../harness/sim/sim-engine.ts";
import { ownProcess } from "../../harness/study/crew.ts";
import { runStudy } from "../../harness/study/run-study.ts";
import { reseeded } from "../../harness/study/seeded-study.ts";
import type { VariantResult } from "../../harness/verdict/result.ts";

/** Wall time that a live run may take, the shortest first. */
const LENGTHS_MS = [20_000, 30_000, 40_000, 60_000];
/** Eight processes that start at once take as long on two busy cores: start-ups are not compressed to less, */
const SHORTEST_START_MS = 1250;
/** or, where none of the lengths is enough for that, the run takes this long. */
const OTHERWISE_MS = 40_000;

/** What a real machine adds to a hop, and what a busy one may. */
const SLOWER_MS = [0.1, 0.5, 1, 2, 5];
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

/** The study of this one strategy, control times divided by `compress`. */
export function studyOf(file: string, strategy: string, compress: number): Study {
  const size = { scale: 1, compress };
  const options = { vars: {}, seed: null, strategies: [strategy], engine: "live", size, strict: false } as const;
  const { study, problems } = loadStudy(file, options);
  if (study === null) throw new Error(problems.map(({ message }) => message).join("; "));
  return study;
}

/** Rejects with what ended the run early. */
export async function rehearsed(study: Study, engine: Engine): Promise<VariantResult> {
  const { signal } = new AbortController();
  const { result, failure } = await runStudy([{ study, directory: null }], ownProcess(engine, signal), {
    hasControls: false,
    nowMs: () => performance.now(),
    onProgress: () => {},
    signal,
  });
  if (failure !== null) throw failure as Error;
  return result!.variants[0]!;
}

export interface Pace {
  readonly compress: number;
  /** Outcomes without compression, by strategy. */
  readonly atFullSize: ReadonlyMap<string, string>;
}

const paces = new Map<string, Promise<Pace>>();

/**
 * By how much to compress a scenario: the shortest run in which start-ups are long enough, and as many strategies as can be
 * come to what they come to at full size.
 */
export function paceOf(file: string, strategies: readonly string[]): Promise<Pace> {
  let pace = paces.get(file);
  if (pace === undefined) paces.set(file, (pace = paceFor(file, strategies)));
  return pace;
}

async function paceFor(file: string, strategies: readonly string[]): Promise<Pace> {
  const atFullSize = await outcomesOf(file, strategies, 1);
  const endMs = Math.max(...strategies.map((strategy) => studyOf(file, strategy, 1).variants[0]!.plan.endMs));
  const compressTo = (lengthMs: number): number => Math.max(1, Math.ceil(endMs / lengthMs));
  const all = LENGTHS_MS.map(compressTo);
  const longEnough = all.filter((compress) => startupMs(studyOf(file, strategies[0]!, compress)) >= SHORTEST_START_MS);
  let best = { compress: 0, alike: -1 };
  for (const compress of longEnough.length > 0 ? longEnough : [compressTo(OTHERWISE_MS)]) {
    const outcomes = await outcomesOf(file, strategies, compress);
    const alike = strategies.filter((strategy) => outcomes.get(strategy) === atFullSize.get(strategy)).length;
    if (alike > best.alike) best = { compress, alike };
  }
  return { compress: best.compress, atFullSize };
}

async function outcomesOf(file: string, strategies: readonly string[], compress: number): Promise<Map<string, string>> {
  const outcomes = new Map<string, string>();
  for (const strategy of strategies)
    outcomes.set(strategy, (await rehearsed(studyOf(file, strategy, compress), simEngine())).outcome);
  return outcomes;
}

/** The shortest start-up of an instance that has one. */
function startupMs(study: Study): number {
  const variants = study.variants.flatMap(({ plan }) => plan.services).flatMap((service) => service.variants);
  const times = variants.map(({ startupMs }) => (startupMs.kind === "constant" ? startupMs.ms : 0));
  return Math.min(...times.filter((ms) => ms > 0));
}

/** The same in `sim` under what chance and a slower machine may change: other seeds, and hops that take a little longer. */
export async function disturbed(study: Study): Promise<VariantResult[]> {
  const studies = [
    ...SEEDS.map((seed) => reseeded(study, seed)),
    ...SLOWER_MS.map((slowerMs) => withPlans(study, (plan) => slower(plan, slowerMs))),
  ];
  const results: VariantResult[] = [];
  for (const each of studies) results.push(await rehearsed(each, simEngine()));
  return results;
}

function withPlans(study: Study, change: (plan: Plan) => Plan): Study {
  const variants = study.variants.map((each) => ({ ...each, plan: change(each.plan), control: change(each.control) }));
  return { ...study, variants };
}

function slower(plan: Plan, byMs: number): Plan {
  return { ...plan, networkMs: plan.networkMs.map((row) => row.map((ms) => ms + byMs)) };
}
