// The engine that was asked for; only that one is loaded.
import type { Engine } from "../engine/engine.ts";

export async function engineFor(name: "sim" | "live", isolation: "process" | "service" | "inline"): Promise<Engine> {
  if (name === "sim") return (await import("../sim/sim-engine.ts")).simEngine();
  return (await import("../live/live-engine.ts")).liveEngine({ isolation });
}
