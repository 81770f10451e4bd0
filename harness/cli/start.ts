// `npm start`: a bad release rehearsed. All strategies in simulation, then the two most telling ones on real
// processes, side by side, and what to try next.
import { fileURLToPath } from "node:url";
import path from "node:path";

import type { Study } from "../model/plan.ts";
import { planHash } from "../recording/plan-hash.ts";
import { createRunDirectory } from "../recording/run-directory.ts";
import { agreementOf } from "../study/agreement.ts";
import { distortionsOf } from "../study/distorted.ts";
import { runStudy } from "../study/run-study.ts";
import { scheduleOf } from "../study/schedule.ts";
import type { SeededStudy } from "../study/seeded-study.ts";
import type { StudyOptions as RunSettings, StudyRun } from "../study/run-study.ts";
import { agreementText } from "./agreement-text.ts";
import { DEMONSTRATION } from "./demonstration.ts";
import { durationText } from "./duration-text.ts";
import { crewFor } from "./engines.ts";
import { ending, worst } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import { Interruption } from "./interruption.ts";
import { refuseWhatCannotRun } from "./live-refusal.ts";
import { loadStudies } from "./load-studies.ts";
import { packageFile } from "./package-file.ts";
import { ProcessEnds } from "./process-ends.ts";
import { progressDisplay } from "./progress-display.ts";
import { report } from "./reporters.ts";
import type { StudyOptions } from "./study-options.ts";
import { writeStudyFile } from "./study-file.ts";
import { studyExit } from "./verdict-exit.ts";

/** Never rejects. */
export async function main(): Promise<ExitCode> {
  const ends = new ProcessEnds();
  const interruption = new Interruption();
  try {
    const code = await demonstrate(interruption);
    return await ends.settled(interruption.code ?? code);
  } catch (error) {
    const { text, code } = ending(error);
    process.stderr.write(text);
    return await ends.settled(code);
  } finally {
    interruption.release();
  }
}

async function demonstrate(interruption: Interruption): Promise<ExitCode> {
  const startedMs = performance.now();
  const file = path.relative(process.cwd(), fileURLToPath(packageFile(DEMONSTRATION.scenario)));
  const say = (text: string): boolean => process.stdout.write(`${text}\n`);

  say(`1. Every strategy, simulated (${file})\n`);
  const [study] = await loadStudies([file], options("sim", []));
  const simulated = await carryOut(study!, "sim", commandOf(file, "sim"), interruption);
  if (interruption.signal.aborted || simulated.result === null) return studyExit(simulated);

  const [small] = await loadStudies([file], options("live", DEMONSTRATION.telling));
  const { scale, compress } = small!.variants[0]!.plan;
  refuseWhatCannotRun([small!], false);
  say(
    `\n2. ${DEMONSTRATION.telling.join(" and ")} on real processes,\n   at ${scale * 100} % of the size and ${compress} times the pace\n`,
  );
  const quiet = settings(interruption, true, () => {});
  const sim = await runByCrew("sim", { study: small!, directory: null }, quiet);
  if (sim.failure !== null) throw sim.failure as Error;
  const distortions = sim.result === null ? [] : distortionsOf(sim.result, simulated.result);
  for (const { warning } of distortions) say(`! ${warning.code}: ${warning.message}\n`);
  const live = await carryOut(small!, "live", commandOf(file, "live"), interruption);
  if (live.result === null || sim.result === null) return worst([studyExit(simulated), studyExit(live)]);

  say("\n3. Do simulation and reality agree?\n");
  const warnings = [live.result, ...live.result.variants].flatMap((part) => part.warnings);
  say(agreementText(agreementOf(sim.result, live.result), warnings));
  say(`That took ${durationText(performance.now() - startedMs)}. What to try next:\n`);
  say(nextSteps(file));
  return worst([studyExit(simulated), studyExit(live)]);
}

/** Runs a study with progress, keeps its recordings, and prints its report. */
async function carryOut(
  study: Study,
  engine: "sim" | "live",
  command: string,
  interruption: Interruption,
): Promise<StudyRun> {
  const display = progressDisplay("auto", process.stderr);
  const directory = createRunDirectory(".", { scenario: study.scenario, engine, seeds: 1 }, new Date());
  const hasControls = engine === "sim";
  writeStudyFile(directory, study, scheduleOf(study, hasControls, planHash), [], command);
  const run = await runByCrew(engine, { study, directory }, settings(interruption, hasControls, display.show));
  display.close();
  if (run.failure !== null) process.stderr.write(ending(run.failure).text);
  await report([{ name: "console", destination: "-" }], [{ result: run.result, directory, command }], false);
  return run;
}

/** Runs a study by a crew of its own, which is let go however the study ends. */
async function runByCrew(engine: "sim" | "live", seeded: SeededStudy, options: RunSettings): Promise<StudyRun> {
  const crew = await crewFor(engine, [seeded.study], { signal: options.signal, seeds: 1 });
  try {
    return await runStudy([seeded], crew, options);
  } finally {
    await crew.close();
  }
}

function commandOf(file: string, engine: "sim" | "live"): string {
  const strategies = engine === "sim" ? [] : DEMONSTRATION.telling.map((name) => `--strategy ${name}`);
  return ["npx firebreak run", file, ...(engine === "sim" ? [] : ["--engine live", ...strategies])].join(" ");
}

function settings({ signal }: Interruption, hasControls: boolean, onProgress: RunSettings["onProgress"]): RunSettings {
  return { signal, hasControls, nowMs: () => performance.now(), onProgress };
}

function options(engine: "sim" | "live", strategy: readonly string[]): StudyOptions {
  return { engine, strategy, var: {}, strict: false };
}

/** What each is for, and the command below: side by side they are wider than a terminal. */
function nextSteps(file: string): string {
  return [
    ["what every word of the report means", "docs/getting-started.md and docs/verdict.md"],
    ["the same users on another day", `npx firebreak run ${file} --seed 7`],
    ["what the real fleet consists of", `npx firebreak plan ${file} --engine live`],
    ["everything as data", `npx firebreak run ${file} --reporter json=result.json`],
    ["a first scenario of your own", "npx firebreak init my-fleet"],
  ]
    .map(([what, command]) => `  ${what}\n    ${command}`)
    .join("\n");
}
