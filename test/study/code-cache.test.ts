import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";

const FILE = new URL("../../harness/study/code-cache.ts", import.meta.url).href;

/** A process that keeps its code in the folder, or nowhere (null), and a child of it: where each does. */
function cachesOf(folder: string | null): readonly string[] {
  const program = `
    import { execFileSync } from "node:child_process";
    import module from "node:module";
    import { codeCache } from ${JSON.stringify(FILE)};
    if (${folder !== null}) module.enableCompileCache(${JSON.stringify(folder)});
    const ask = "console.log(require('node:module').getCompileCacheDir())";
    const child = execFileSync(process.execPath, ["-e", ask], { env: { ...process.env, ...codeCache() } });
    console.log(module.getCompileCacheDir() + "\\n" + child);`;
  // The child shall have it from us alone, not from whoever started this test.
  const env = { ...process.env };
  delete env["NODE_COMPILE_CACHE"];
  delete env["NODE_DISABLE_COMPILE_CACHE"];
  const words = ["--input-type=module", "--eval", program];
  return execFileSync(process.execPath, words, { env, encoding: "utf8" }).trim().split("\n");
}

test("a child with the same flags keeps its code where its parent does", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "firebreak-code-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [ours, theirs] = cachesOf(folder);
  expect(ours!.startsWith(folder + path.sep)).toBe(true);
  expect(theirs).toBe(ours);
});

test("where there is none, a child has none", () => {
  expect(cachesOf(null)).toEqual(["undefined", "undefined"]);
});
