// The sim engine: runs a plan in virtual time, the same bytes for the same plan on any machine.
import type { Engine, RunOptions } from "../engine/engine.ts";
import type { Plan } from "../model/plan.ts";
import { planHash } from "../recording/plan-hash.ts";
import { RECORDING_FORMAT, type RecordingSink, type RunEnd } from "../recording/recording.ts";
import { FlatSimulation } from "./flat/flat-simulation.ts";
import { isFlat } from "./flat/is-flat.ts";
import { Simulation } from "./simulation.ts";

export function simEngine(): Engine {
  return { name: "sim", run };
}

async function run(plan: Plan, sink: RecordingSink, options: RunOptions): Promise<RunEnd> {
  sink.begin({ format: RECORDING_FORMAT, engine: "sim", planHash: planHash(plan), plan });
  const simulation = isFlat(plan) ? new FlatSimulation(plan, sink) : new Simulation(plan, sink);
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
