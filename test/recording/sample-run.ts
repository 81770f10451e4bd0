// A short recording, written through a sink the way an engine does it.
import { ERROR } from "../../harness/model/outcome.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { RecordingHeader, RecordingSink } from "../../harness/recording/recording.ts";
import { RECORDING_FORMAT } from "../../harness/recording/recording.ts";
import { planHash } from "../../harness/recording/plan-hash.ts";
import { JOURNEY, SERVICE } from "../../harness/signals/columns.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import { Tally } from "../../harness/signals/tally.ts";
import { smallPlan } from "../signals/small-plan.ts";

export function headerOf(plan: Plan): RecordingHeader {
  return { format: RECORDING_FORMAT, engine: "sim", planHash: planHash(plan), plan };
}

export function record(sink: RecordingSink, seconds = 5, plan: Plan = smallPlan()): void {
  const tally = new Tally(layoutOf(plan));
  sink.begin(headerOf(plan));
  for (let second = 0; second < seconds; second++) {
    tally.services[SERVICE.ended] = second + 0.1;
    tally.journeys[JOURNEY.ended] = 7;
    tally.serviceLatency.record(0, 12.5);
    tally.bad(0, 100 + second, 1, ERROR);
    tally.bad(0, 3, 1, ERROR);
    sink.bucket(tally.close(second));
    sink.event({ atMs: second * 1000, kind: "weight", service: "back", version: "v2", weight: second });
  }
  sink.end({ reason: "completed" });
}
