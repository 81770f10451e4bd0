// The engine that was asked for, and who carries out its runs; only that engine is loaded.
import { availableParallelism } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundleFolder } from "../bundle/bundle.ts";
import type { Engine } from "../engine/engine.ts";
import type { Study } from "../model/plan.ts";
import type { Crew } from "../study/crew.ts";
import { ownProcess } from "../study/crew.ts";
import { crewSize } from "../study/crew-size.ts";
import type { EngineModule } from "../study/crew-message.ts";

type Isolation = "process" | "service" | "inline";

export async function engineFor(name: "sim" | "live", isolation: Isolation): Promise<Engine> {
  if (name === "sim") {
    const { url } = await simModule();
    return ((await import(url)) as { simEngine: () => Engine }).simEngine();
  }
  return (await import("../live/live-engine.ts")).liveEngine({ isolation });
}

/**
 * The simulator as it runs fastest: bundled, and so is the process around it. Where they cannot be bundled, as they are.
 *
 * A process that took TypeScript's types off was seen to simulate 7 % slower to its end. What takes them off is compiled
 * to WebAssembly and grows its memory, for which an ArrayBuffer is detached. While none ever was, V8 does not ask whether
 * one is; from then on every piece of optimized code does, at every access.
 */
export async function simModule(): Promise<EngineModule> {
  const suffix = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const [url, runProcess] = await bundleFolder().then(
    (folder) => ["sim-engine.js", "run-process.js"].map((file) => pathToFileURL(path.join(folder, file)).href),
    () => ["sim/sim-engine", "study/run-process"].map((file) => new URL(`../${file}.${suffix}`, import.meta.url).href),
  );
  return { engine: "sim", process: runProcess!, url: url!, makes: "simEngine" };
}

export interface CrewOptions {
  readonly signal: AbortSignal;
  /** Seeds that every plan is run at. */
  readonly seeds: number;
  readonly workers?: number | undefined;
  readonly isolation?: Isolation;
}

/**
 * Simulations run side by side: as many as `workers` says, or as pay for these plans on these cores. Real processes
 * want the machine to themselves: one run after the other.
 */
export async function crewFor(
  engine: "sim" | "live",
  studies: readonly Study[],
  { signal, seeds, workers, isolation = "process" }: CrewOptions,
): Promise<Crew> {
  const plans = studies.flatMap(({ variants }) => [variants[0]!.control, ...variants.map(({ plan }) => plan)]);
  const size = engine === "live" ? 1 : (workers ?? crewSize(plans, seeds, availableParallelism()));
  if (size === 1) return ownProcess(await engineFor(engine, isolation), signal);
  const { processCrew } = await import("../study/process-crew.ts");
  return processCrew(await simModule(), size, signal);
}
