// The engine on real processes: launches the fleet, runs the plan on it in real time, and leaves nothing running.
import type { Engine, RunOptions } from "../engine/engine.ts";
import type { Plan } from "../model/plan.ts";
import type { RecordingSink, RunEnd } from "../recording/recording.ts";
import { fleetBundle } from "./fleet-bundle.ts";
import type { Isolation } from "./fleet.ts";
import { Guard } from "./guard.ts";
import { inlineHost, spawnHost } from "./host-process.ts";
import type { HostProcess } from "./host-process.ts";
import { LiveRun } from "./live-run.ts";

export interface LiveOptions {
  readonly isolation: Isolation;
  /** What runs the fleet's processes; the Node.js that runs us by default. */
  readonly executable?: string;
  /** How long the fleet may take until all of it listens; by default according to its size. */
  readonly startWithinMs?: number;
  /** A folder that is there: each process puts on tape what its machines are told and answer (`tape-replay.ts`). */
  readonly tapes?: string;
}

/** The slowest start measured was 90 ms an instance on two idle cores. */
const START_MS = 15_000;
const START_MS_PER_INSTANCE = 1_000;

export function liveEngine({ isolation, executable = process.execPath, startWithinMs, tapes }: LiveOptions): Engine {
  return {
    name: "live",
    async run(plan: Plan, sink: RecordingSink, options: RunOptions): Promise<RunEnd> {
      const instances = plan.services
        .flatMap(({ replicasPerZone }) => replicasPerZone)
        .reduce((sum, count) => sum + count, 0);
      let guard: Guard | null = null;
      let launch: (kind: "service" | "load") => HostProcess = inlineHost;
      if (isolation !== "inline") {
        const bundle = await fleetBundle();
        const watched = (guard = await Guard.start(process.execPath, bundle.guard));
        launch = (kind) => spawnHost(kind, executable, bundle, watched);
      }
      let run: LiveRun | null = null;
      try {
        const begun = (run = new LiveRun({
          plan,
          sink,
          isolation,
          launch,
          progress: options.onProgress,
          tapes: tapes ?? null,
          startWithinMs: startWithinMs ?? START_MS + START_MS_PER_INSTANCE * instances,
        }));
        guard?.onLost(() => begun.lost("the guard process ended: a killed harness would leave its fleet behind"));
        return await begun.run(options.signal);
      } finally {
        await run?.destroy();
        await guard?.close();
      }
    },
  };
}
