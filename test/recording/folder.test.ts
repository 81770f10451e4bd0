import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "../../harness/recording/folder.ts";

let home: string;
beforeEach(() => void (home = mkdtempSync(path.join(tmpdir(), "folder-"))));
afterEach(() => rmSync(home, { recursive: true }));

test("a folder is made with all that is missing above it, and making it again is no mistake", () => {
  const folder = path.join(home, "a", "b", "..", "c");
  makeFolder(folder);
  makeFolder(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
  expect(existsSync(path.join(home, "a", "b"))).toBe(false);
});

test.each([
  ["a file in its place", "file"],
  ["a file above it", "file/below"],
  ["a link to nowhere in its place", "link"],
  ["a link to nowhere above it", "link/below"],
])("%s is refused by the system's own error", (_, name) => {
  writeFileSync(path.join(home, "file"), "");
  symlinkSync(path.join(home, "nowhere"), path.join(home, "link"));
  expect(() => makeFolder(path.join(home, name))).toThrow(/EEXIST|ENOTDIR|ENOENT/);
});

test.skipIf(!existsSync("/proc/self"))("a file system that takes no folders refuses at once", () => {
  expect(() => makeFolder("/proc/x/y")).toThrow("/proc takes no new folder: /proc/x cannot be created");
});
