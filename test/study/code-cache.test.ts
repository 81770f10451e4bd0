import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";

const FILE = new URL("../../harness/study/code-cache.ts", import.meta.url).href;

/** A process that asks for the cache as the command does, and a child of it: where each keeps its code. */
function cachesOf(env: NodeJS.ProcessEnv): readonly string[] {
  const program = `
    import { execFileSync } from "node:child_process";
    import module from "node:module";
    import { codeCache } from ${JSON.stringify(FILE)};
    module.enableCompileCache();
    const ask = "console.log(require('node:module').getCompileCacheDir())";
    const child = execFileSync(process.execPath, ["-e", ask], { env: { ...process.env, ...codeCache() } });
    console.log(module.getCompileCacheDir() + "\\n" + child);`;
  const words = ["--input-type=module", "--eval", program];
  return execFileSync(process.execPath, words, { env: { ...process.env, ...env }, encoding: "utf8" })
    .trim()
    .split("\n");
}

test("a child with the same flags keeps its code where its parent does", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "firebreak-code-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [ours, theirs] = cachesOf({ NODE_COMPILE_CACHE: folder });
  expect(ours!.startsWith(folder + path.sep)).toBe(true);
  expect(theirs).toBe(ours);
});

test("where the cache is off, it is off in a child too", () => {
  expect(cachesOf({ NODE_DISABLE_COMPILE_CACHE: "1" })).toEqual(["undefined", "undefined"]);
});
