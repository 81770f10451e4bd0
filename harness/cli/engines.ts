// The engine that was asked for, and who carries out its runs; only that engine is loaded.
import { availableParallelism } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundleFolder } from "../bundle/bundle.ts";
import type { Engine } from "../engine/engine.ts";
import type { Study } from "../model/plan.ts";
import { planHash } from "../recording/plan-hash.ts";
import type { Crew } from "../study/crew.ts";
import { ownProcess } from "../study/crew.ts";
import { crewSize } from "../study/crew-size.ts";
import { scheduleOf } from "../study/schedule.ts";
import type { RunProgram } from "../study/process-crew.ts";

type Isolation = "process" | "service" | "inline";

export async function engineFor(name: "sim" | "live", isolation: Isolation): Promise<Engine> {
  if (name === "sim") {
    const { engine } = await simProgram();
    return ((await import(engine.url)) as { simEngine: () => Engine }).simEngine();
  }
  return (await import("../live/live-engine.ts")).liveEngine({ isolation });
}

/**
 * The simulator as it runs fastest: bundled, and so is the process around it. Where they cannot be bundled they run as
 * they are, and stderr says why.
 *
 * A process that took TypeScript's types off was seen to simulate 7 % slower to its end. What takes them off is compiled
 * to WebAssembly and grows its memory, for which an ArrayBuffer is detached. While none ever was, V8 does not ask whether
 * one is; from then on every piece of optimized code does, at every access to a typed array.
 */
export async function simProgram(): Promise<RunProgram> {
  const folder = await bundleFolder().catch(sayNotBundled);
  if (folder === null) return sourceProgram();
  const bundled = (file: string): string => pathToFileURL(path.join(folder, file)).href;
  return programOf(bundled("run-process.js"), bundled("sim-engine.js"));
}

/** The same, not bundled. */
export function sourceProgram(): RunProgram {
  const suffix = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const beside = (file: string): string => new URL(`../${file}.${suffix}`, import.meta.url).href;
  return programOf(beside("study/run-process"), beside("sim/sim-engine"));
}

function programOf(url: string, engine: string): RunProgram {
  return { url, engine: { engine: "sim", url: engine, makes: "simEngine" } };
}

let hasSaid = false;

function sayNotBundled(error: unknown): null {
  const why = error instanceof Error ? error.message : String(error);
  if (!hasSaid) process.stderr.write(`firebreak: the simulator is not bundled, which makes it slower: ${why}\n`);
  hasSaid = true;
  return null;
}

export interface CrewOptions {
  readonly signal: AbortSignal;
  /** Seeds that every plan is run at. */
  readonly seeds: number;
  readonly workers?: number | undefined;
  readonly isolation?: Isolation;
}

/**
 * Simulations run side by side: as many as `workers` says, or as pay for these studies on these cores, but no more than
 * the largest of them has runs. Real processes want the machine to themselves: one run after the other.
 */
export async function crewFor(
  engine: "sim" | "live",
  studies: readonly Study[],
  { signal, seeds, workers, isolation = "process" }: CrewOptions,
): Promise<Crew> {
  const size = engine === "live" ? 1 : simulationsAtOnce(studies, seeds, workers);
  if (size === 1) return ownProcess(await engineFor(engine, isolation), signal);
  const { processCrew } = await import("../study/process-crew.ts");
  return processCrew(await simProgram(), size, signal);
}

function simulationsAtOnce(studies: readonly Study[], seeds: number, workers?: number): number {
  const runs = studies.map((study) => scheduleOf(study, true, planHash).runs.map(({ plan }) => plan));
  const most = Math.max(...runs.map(({ length }) => length)) * seeds;
  return Math.min(workers ?? crewSize(runs.flat(), seeds, availableParallelism()), most);
}
