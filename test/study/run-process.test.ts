// What a process of a study must not do, or it simulates 7 % slower to its end: detach an ArrayBuffer (cli/engines.ts).
import { fork } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { simProgram, sourceProgram } from "../../harness/cli/engines.ts";
import type { Answer } from "../../harness/study/crew-message.ts";
import type { RunProgram } from "../../harness/study/process-crew.ts";
import { folderWith } from "../cli/firebreak.ts";
import { smallStudy } from "./small-study.ts";

const SAYS_DETACHED = "ArrayBufferDetaching";

/** What V8 ceased to take for granted in a process that carried out a run and kept its recording. */
async function invalidations({ url, engine }: RunProgram): Promise<string> {
  const child = fork(fileURLToPath(url), [JSON.stringify(engine)], {
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
    if (did !== "over") child.disconnect();
  });
  child.send({ do: "run", task: { plan: smallStudy().variants[0]!.plan, checks: [], directory: folderWith() } });
  const said = await text(child.stdout!);
  expect(answers).toEqual(["over", "run"]);
  return said;
}

test("a process of a study detaches no ArrayBuffer, before or while it simulates", async () => {
  expect(await invalidations(await simProgram())).not.toContain(SAYS_DETACHED);
});

test("one that takes types off does: V8 says so in these words", async () => {
  expect(await invalidations(sourceProgram())).toContain(SAYS_DETACHED);
});
