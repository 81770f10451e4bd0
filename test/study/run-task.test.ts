import path from "node:path";
import { expect, test } from "vitest";
import { readRecording } from "../../harness/recording/read-recording.ts";
import { simEngine } from "../../harness/sim/sim-engine.ts";
import { carryOut } from "../../harness/study/run-task.ts";
import type { RunTask } from "../../harness/study/run-task.ts";
import { observedRun } from "../../harness/verdict/observer.ts";
import type { ObservedRun } from "../../harness/verdict/observer.ts";
import { folderWith } from "../cli/firebreak.ts";
import { smallStudy } from "./small-study.ts";

const checks = [
  { claim: null, metric: "journeys.get.availability", window: null, atLeast: 0.99, atMost: null },
  {
    claim: null,
    metric: "services.back.latencyMs.p99",
    window: { fromMs: 30_000, toMs: 60_000 },
    atLeast: null,
    atMost: 1,
  },
];

function carriedOut(task: RunTask): Promise<ObservedRun> {
  return carryOut(task, simEngine(), { signal: new AbortController().signal, onProgress: () => {} });
}

test.each(["everywhere", "canary"])(
  "what is seen of %s as it happens is what its recording tells",
  async (strategy) => {
    const directory = folderWith();
    const { plan } = smallStudy().variants.find((variant) => variant.plan.strategy === strategy)!;
    const seen = await carriedOut({ plan, checks, directory });
    const read = readRecording(path.join(directory, "recording.jsonl"));
    if ("problems" in read) throw new Error(read.problems[0]!.message);
    expect(seen).toStrictEqual(observedRun(read.recording, checks));
    expect(seen.checks.map(({ observed }) => observed === null)).toEqual([false, false]);
  },
);

test("a run that nobody wants to keep is seen all the same", async () => {
  const { plan } = smallStudy().variants[0]!;
  const kept = await carriedOut({ plan, checks, directory: folderWith() });
  expect(await carriedOut({ plan, checks, directory: null })).toEqual(kept);
});
