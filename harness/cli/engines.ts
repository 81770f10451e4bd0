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

/** The simulator as it runs fastest: bundled. Where it cannot be bundled, as it is. */
export async function simModule(): Promise<EngineModule> {
  const file = `../sim/sim-engine${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`;
  const url = await bundleFolder().then(
    (folder) => pathToFileURL(path.join(folder, "sim-engine.js")),
    () => new URL(file, import.meta.url),
  );
  return { engine: "sim", url: url.href, makes: "simEngine" };
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
