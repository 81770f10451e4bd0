// Simulators with which something goes wrong in the runs of `everywhere` from seed 4 on: processes load them by name.
import type { Engine } from "../../harness/engine/engine.ts";
import { EngineFailure } from "../../harness/engine/engine.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { simEngine } from "../../harness/sim/sim-engine.ts";

/** Where processes find them. */
export const TROUBLED = import.meta.url;

export function dyingEngine(): Engine {
  return troubled(() => process.exit(7));
}

/** Before it has begun: what it observed of the run before may still be on its way then. */
export function dyingAtOnceEngine(): Engine {
  const sim = simEngine();
  return {
    name: "sim",
    run: (plan, sink, options) => (isTroubled(plan) ? process.exit(7) : sim.run(plan, sink, options)),
  };
}

export function buggyEngine(): Engine {
  return troubled(() => {
    throw new RangeError("the queue is shorter than nothing");
  });
}

export function failingEngine(): Engine {
  return troubled(({ seed }) => {
    throw new EngineFailure("fleet-not-started", `nothing started at seed ${seed}`, "try again");
  });
}

/** Goes wrong half-way through, when something is recorded. */
function troubled(trouble: (plan: Plan) => never): Engine {
  const sim = simEngine();
  return {
    name: "sim",
    run: (plan, sink, options) =>
      sim.run(plan, sink, {
        ...options,
        onProgress(progress) {
          if (isTroubled(plan) && progress.runMs > plan.endMs / 2) trouble(plan);
          return options.onProgress(progress);
        },
      }),
  };
}

function isTroubled({ strategy, seed }: Plan): boolean {
  return strategy === "everywhere" && seed >= 4;
}
