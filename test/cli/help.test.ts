import { expect, test } from "vitest";
import { firebreak, folderWith } from "./firebreak.ts";

test("help is quick enough to be asked for, and fits 80 columns", async () => {
  const folder = folderWith();
  await firebreak(folder, "--help");
  const startedMs = performance.now();
  const { code, stdout, stderr } = await firebreak(folder, "--help");
  expect(performance.now() - startedMs).toBeLessThan(1500);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  await expect(stdout).toMatchFileSnapshot("golden/help.txt");
});

test.each(["run", "plan", "check", "init", "schema", "report"])("help for %s lists its options", async (command) => {
  const { code, stdout } = await firebreak(folderWith(), command, "--help");
  expect(code).toBe(0);
  await expect(stdout).toMatchFileSnapshot(`golden/help-${command}.txt`);
});

test("the version is that of the package", async () => {
  const { stdout } = await firebreak(folderWith(), "--version");
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
