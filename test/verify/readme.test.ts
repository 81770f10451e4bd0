// The README shows what the flagship prints, piece by piece.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { firebreak } from "../cli/firebreak.ts";
import { commandsShown, piecesShown } from "../documentation/console-blocks.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

test("README.md shows what its command prints", async () => {
  const markdown = readFileSync(path.join(ROOT, "README.md"), "utf8");
  const [args] = commandsShown(markdown);
  const { code, stdout } = await firebreak(ROOT, ...args!);
  expect(code).toBe(0);
  for (const piece of piecesShown(markdown)) expect(stdout).toContain(piece.trim());
});
