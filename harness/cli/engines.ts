// The engine that was asked for, and who carries out its runs; only that engine is loaded.
import { availableParallelism } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import v8 from "node:v8";
import { bundleFolder } from "../bundle/bundle.ts";
import type { Engine } from "../engine/engine.ts";
import type { Study } from "../model/plan.ts";
import type { Crew } from "../study/crew.ts";
import { ownThread } from "../study/crew.ts";
import { crewSize } from "../study/crew-size.ts";
import type { EngineModule } from "../study/thread-message.ts";

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
  // Its events pass through many small functions, more than V8 puts into one of its own accord (920, 460 and 4600 bytes
  // of bytecode): a third more events a second. The setting is that of all threads, and comes before their first run.
  v8.setFlagsFromString("--max-inlined-bytecode-size-cumulative=8000");
  v8.setFlagsFromString("--max-inlined-bytecode-size=1500");
  v8.setFlagsFromString("--max-inlined-bytecode-size-absolute=20000");
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
  if (size === 1) return ownThread(await engineFor(engine, isolation), signal);
  const { threadCrew } = await import("../study/thread-crew.ts");
  return threadCrew(await simModule(), size, signal);
}
