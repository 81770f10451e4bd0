// The sim engine: runs a plan in virtual time, the same bytes for the same plan on any machine.
import type { Engine, RunOptions } from "../engine/engine.ts";
import type { Plan } from "../model/plan.ts";
import { planHash } from "../recording/plan-hash.ts";
import { RECORDING_FORMAT, type RecordingSink, type RunEnd } from "../recording/recording.ts";
import { FlatSimulation } from "./flat/flat-simulation.ts";
import { isFlat } from "./flat/is-flat.ts";
import { FOR_ACTORS, FOR_FLAT, setOptimizer } from "./optimizer.ts";
import { Simulation } from "./simulation.ts";

export function simEngine(): Engine {
  return { name: "sim", run };
}

/** The flat simulator's memory is there once: runs that go on beside one that uses it take the actors. */
let isMemoryTaken = false;

async function run(plan: Plan, sink: RecordingSink, options: RunOptions): Promise<RunEnd> {
  sink.begin({ format: RECORDING_FORMAT, engine: "sim", planHash: planHash(plan), plan });
  if (isMemoryTaken || !isFlat(plan)) {
    setOptimizer(FOR_ACTORS);
    return finish(new Simulation(plan, sink), plan, sink, options);
  }
  isMemoryTaken = true;
  setOptimizer(FOR_FLAT);
  try {
    return await finish(new FlatSimulation(plan, sink), plan, sink, options);
  } finally {
    isMemoryTaken = false;
  }
}

async function finish(
  simulation: FlatSimulation | Simulation,
  plan: Plan,
  sink: RecordingSink,
  options: RunOptions,
): Promise<RunEnd> {
  let end: RunEnd = { reason: "completed" };
  while (simulation.runBucket()) {
    await options.onProgress({ phase: "running", runMs: simulation.nowMs, endMs: plan.endMs, note: null });
    if (!options.signal.aborted) continue;
    end = { reason: "interrupted", atMs: simulation.nowMs };
    break;
  }
  sink.end(end);
  return end;
}
