import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import v8 from "node:v8";
import { expect, test } from "vitest";
import { simProgram } from "../../harness/cli/engines.ts";
import { EngineFailure } from "../../harness/engine/engine.ts";
import { simEngine } from "../../harness/sim/sim-engine.ts";
import { ownProcess } from "../../harness/study/crew.ts";
import type { Crew } from "../../harness/study/crew.ts";
import { packed } from "../../harness/study/crew-message.ts";
import type { EngineModule } from "../../harness/study/crew-message.ts";
import type { StudyProgress } from "../../harness/study/progress.ts";
import { carryOut } from "../../harness/study/run-task.ts";
import { runStudy } from "../../harness/study/run-study.ts";
import type { StudyRun } from "../../harness/study/run-study.ts";
import type { SeededStudy } from "../../harness/study/seeded-study.ts";
import { reseeded } from "../../harness/study/seeded-study.ts";
import { processCrew } from "../../harness/study/process-crew.ts";
import { folderWith } from "../cli/firebreak.ts";
import { atSeeds, smallStudy } from "./small-study.ts";
import { TROUBLED, buggyEngine, dyingAtOnceEngine, dyingEngine, failingEngine } from "./troubled-engines.ts";

const never = new AbortController().signal;

/** With nobody to interrupt it, unless somebody is given. */
async function run(
  seeded: readonly SeededStudy[],
  crew: Crew,
  onProgress: (progress: StudyProgress) => void = () => {},
  signal = never,
): Promise<StudyRun> {
  try {
    return await runStudy(seeded, crew, { signal, hasControls: true, nowMs: () => performance.now(), onProgress });
  } finally {
    await crew.close();
  }
}

const SIM = await simProgram();

/** This many processes of the simulator, or of one with which something goes wrong. */
function processes(size: number, troubled?: string, signal = never): Crew {
  const engine = troubled === undefined ? SIM.engine : engineOf(troubled);
  return size === 1 ? ownProcess(simEngine(), signal) : processCrew({ ...SIM, engine }, size, signal);
}

function engineOf(makes: string): EngineModule {
  return { ...SIM.engine, url: TROUBLED, makes };
}

/** Every file of a folder with the hash of its bytes. */
function hashes(folder: string): string[] {
  return globSync("**/*.jsonl", { cwd: folder })
    .map(
      (file) =>
        `${file} ${createHash("sha256")
          .update(readFileSync(path.join(folder, file)))
          .digest("hex")}`,
    )
    .toSorted();
}

test("the result and every recording are the same bytes with 1, 2 and 3 processes", async () => {
  const study = smallStudy();
  const told = await Promise.all(
    [1, 2, 3].map(async (size) => {
      const folder = folderWith();
      const { result, failure } = await run(atSeeds(study, [3, 4, 5], folder), processes(size));
      return { failure, result: JSON.stringify(result), recordings: hashes(folder) };
    }),
  );
  expect(told[0]!.recordings).toHaveLength(9);
  expect(JSON.parse(told[0]!.result)).toMatchObject({ seeds: [3, 4, 5], variants: [{ seeds: { runs: 3 } }, {}] });
  expect(told[1]).toEqual(told[0]);
  expect(told[2]).toEqual(told[0]);
});

test("a study at another seed is the scenario compiled with that seed", () => {
  const { file: _, ...compiled } = smallStudy(99);
  const { file: __, ...derived } = reseeded(smallStudy(), 99);
  expect(derived).toEqual(compiled);
});

test("several seeds in one go come to what each comes to alone", async () => {
  const study = smallStudy();
  const together = await run(atSeeds(study, [3, 4]), processes(2));
  const alone = await Promise.all([3, 4].map((seed) => run(atSeeds(study, [seed]), processes(1))));
  const outcomes = alone.map(({ result }) => result!.variants.map(({ outcome }) => outcome));
  for (const [index, { seeds }] of together.result!.variants.entries()) {
    const own = outcomes.map((each) => each[index]!);
    expect(Object.entries(seeds.outcomes).flatMap(([outcome, count]) => Array(count).fill(outcome))).toEqual(
      own.toSorted(),
    );
  }
  expect(together.result!.variants[0]!.journeys).toEqual(alone[0]!.result!.variants[0]!.journeys);
});

test("a study need not pass at every seed where its scenario says so", async () => {
  const strict = smallStudy();
  const [first, ...others] = strict.variants;
  // At no seed is what ships everywhere contained.
  const never = { ...first!, expectation: { ...first!.expectation, expect: "contained" as const } };
  const study = { ...strict, variants: [never, ...others] };
  expect((await run(atSeeds(study, [3, 4]), processes(1))).result!.passed).toBe(false);
  expect((await run(atSeeds({ ...study, seedsToPass: 0 }, [3, 4]), processes(1))).result!.passed).toBe(true);
});

test.each([
  ["dies", dyingEngine.name, "the process of a run ended by itself, with exit code 7"],
  ["trips over a bug", buggyEngine.name, "the queue is shorter than nothing"],
])("a process that %s ends the study, and loses nothing of the runs of others", async (_, engine, message) => {
  const folder = folderWith();
  const { result, failure } = await run(atSeeds(smallStudy(), [3, 4], folder), processes(2, engine));
  expect(failure).toBeInstanceOf(Error);
  expect(failure).not.toBeInstanceOf(EngineFailure);
  expect((failure as Error).message).toBe(message);
  // Seed 3 was over, or its last run was under way beside the one that ended the study.
  expect(result!.variants.map(({ strategy }) => strategy)).toEqual(["everywhere", "canary"]);
  expect(result!.variants[0]!.seeds).toMatchObject({ runs: 1, told: 3 });
  const [{ code, message: missing } = { code: "", message: "" }] = result!.warnings;
  expect(code).toBe("interrupted");
  expect(missing).toMatch(/^the study ended early: [12] of 4 runs are missing$/);
  expect(hashes(folder).filter((line) => line.startsWith("seed-3/"))).toHaveLength(3);
});

test("a process that dies as a run begins loses nothing of the run that it has just ended", async () => {
  const backwards = smallStudy(4, "60m");
  const [canary, everywhere] = backwards.variants.toReversed();
  const study = { ...backwards, variants: [canary!, everywhere!] };
  const task = { plan: canary!.plan, checks: [], directory: null };
  const observed = await carryOut(task, simEngine(), { signal: never, onProgress: () => {} });
  // More than the 208 KiB that a socket of Linux takes at once: what was not written yet would be lost.
  expect(v8.serialize(packed(observed)).length).toBeGreaterThan(256 * 1024);
  const crew = processCrew({ ...SIM, engine: engineOf(dyingAtOnceEngine.name) }, 1, never);
  const { result, failure } = await run(atSeeds(study, [4]), crew);
  expect((failure as Error).message).toBe("the process of a run ended by itself, with exit code 7");
  expect(result!.variants.map(({ strategy }) => strategy)).toEqual(["canary"]);
  expect(result!.warnings).toEqual([
    { code: "interrupted", message: "the study ended early: 1 of 2 runs are missing" },
  ]);
});

test("processes are started before the first run, and let go of though there was none", async () => {
  const count = (): number => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
  const before = count();
  const crew = processes(2);
  expect(count()).toBe(before + 2);
  await crew.close();
  expect(count()).toBe(before);
});

test("a bug in the only process loses nothing either", async () => {
  const backwards = smallStudy();
  const study = { ...backwards, variants: backwards.variants.toReversed() };
  const { result, failure } = await run(atSeeds(study, [4]), ownProcess(buggyEngine(), never));
  expect((failure as Error).message).toContain("shorter than nothing");
  expect(result!.variants.map(({ strategy }) => strategy)).toEqual(["canary"]);
  expect(result!.warnings).toEqual([
    { code: "interrupted", message: "the study ended early: 1 of 2 runs are missing" },
  ]);
});

test("what an engine says of its failure is said, of several that of the first run", async () => {
  const only = { ...smallStudy(), variants: smallStudy().variants.slice(0, 1) };
  const { result, failure } = await run(atSeeds(only, [4, 5]), processes(3, failingEngine.name));
  expect(failure).toBeInstanceOf(EngineFailure);
  expect(failure).toMatchObject({ code: "fleet-not-started", message: "nothing started at seed 4", hint: "try again" });
  expect(result).toBeNull();
});

test("a recording that cannot be written ends the study with the system's words", async () => {
  const folder = folderWith({ "in-the-way": "" });
  const seeded = atSeeds(smallStudy(), [3], path.join(folder, "in-the-way"));
  const { failure } = await run(seeded, processes(2));
  expect(failure).toMatchObject({ name: "RecordingFailure", code: "not-writable" });
});

test.each([1, 2])("interrupted, %i processes leave what is whole, and of seeds nothing else", async (size) => {
  const stop = new AbortController();
  let last: StudyProgress | null = null;
  const onProgress = (progress: StudyProgress): void => {
    last = progress;
    const whole = progress.runs.slice(0, 3).filter(({ phase }) => phase === "done").length;
    const begun = progress.runs.slice(3).some(({ runMs }) => runMs > 0);
    if (whole === 3 && begun) stop.abort();
  };
  const crew = processes(size, undefined, stop.signal);
  // The runs of the second seed have no end that anybody would wait for.
  const seeded = [...atSeeds(smallStudy(), [3]), ...atSeeds(smallStudy(null, "20h"), [4])];
  const { result, failure } = await run(seeded, crew, onProgress, stop.signal);
  expect(failure).toBeNull();
  expect(result).toMatchObject({ seeds: [3], warnings: [{ code: "interrupted" }] });
  expect(result!.variants.map(({ strategy, seeds }) => [strategy, seeds.runs])).toEqual([
    ["everywhere", 1],
    ["canary", 1],
  ]);
  expect(last!.runs.some(({ phase }) => phase === "failed")).toBe(true);
});

test("a variant whose control run was interrupted is not judged", async () => {
  const stop = new AbortController();
  const study = smallStudy(null, "20h");
  const [everywhere] = study.variants;
  // The variant ends long before its control, which has no end that anybody would wait for.
  const brief = { ...everywhere!, plan: { ...everywhere!.plan, endMs: 60_000 } };
  const onProgress = ({ runs }: StudyProgress): void => {
    if (runs[1]!.phase === "done") stop.abort();
  };
  const crew = processes(2, undefined, stop.signal);
  const seeded = atSeeds({ ...study, variants: [brief] }, [3]);
  const { result, failure } = await run(seeded, crew, onProgress, stop.signal);
  expect({ result, failure }).toEqual({ result: null, failure: null });
});
