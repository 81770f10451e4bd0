// What a process of a study must not do, or it simulates 7 % slower to its end: detach an ArrayBuffer (cli/engines.ts).
import { fork } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { simModule } from "../../harness/cli/engines.ts";
import type { Answer, EngineModule } from "../../harness/study/crew-message.ts";
import { folderWith } from "../cli/firebreak.ts";
import { smallStudy } from "./small-study.ts";

const SAYS_DETACHED = "ArrayBufferDetaching";

/** What V8 ceased to take for granted in a process that carried out a run and kept its recording. */
async function invalidations(engine: EngineModule): Promise<string> {
  const child = fork(fileURLToPath(engine.process), [JSON.stringify(engine)], {
    execArgv: ["--trace-protector-invalidation"],
    // As in a fresh clone, where no code was compiled before.
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1" },
    serialization: "advanced",
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const answers: string[] = [];
  child.on("message", ({ did }: Answer) => {
    if (did === "reached") return;
    answers.push(did);
    child.disconnect();
  });
  child.send({ do: "run", task: { plan: smallStudy().variants[0]!.plan, checks: [], directory: folderWith() } });
  const said = await text(child.stdout!);
  expect(answers).toEqual(["run"]);
  return said;
}

test("a process of a study detaches no ArrayBuffer, before or while it simulates", async () => {
  expect(await invalidations(await simModule())).not.toContain(SAYS_DETACHED);
});

test("one that takes types off does: V8 says so in these words", async () => {
  const source = (file: string): string => new URL(`../../harness/${file}.ts`, import.meta.url).href;
  const [process, url] = [source("study/run-process"), source("sim/sim-engine")];
  expect(await invalidations({ ...(await simModule()), process, url })).toContain(SAYS_DETACHED);
});
