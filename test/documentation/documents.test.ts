// The documentation is true: links lead somewhere, the files it shows are sound, the commands print what it shows.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { firebreak, folderWith } from "../cli/firebreak.ts";
import { commandsShown, filesShown, withPrinted } from "./console-blocks.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DOCUMENTS = [
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md")),
  ...readdirSync(path.join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

function textOf(document: string): string {
  return readFileSync(path.join(ROOT, document), "utf8");
}

test.each(DOCUMENTS)("every link of %s leads somewhere", (document) => {
  const broken = [...textOf(document).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target) && !leads(document, target));
  expect(broken).toEqual([]);
});

/** To a file, and there to a heading. */
function leads(document: string, target: string): boolean {
  const [file = "", heading] = target.split("#");
  const to = file === "" ? document : path.join(path.dirname(document), file);
  if (!existsSync(path.join(ROOT, to))) return isWrittenByVerify(to);
  if (heading === undefined) return true;
  const headings = [...textOf(to).matchAll(/^#+ (.*)$/gm)].map(([, title]) => anchorOf(title!));
  return headings.includes(heading);
}

/** Evidence is there once `npm run verify` has written it; a test of that name must do so. */
function isWrittenByVerify(document: string): boolean {
  const { dir, name } = path.parse(document);
  return dir === "docs/evidence" && existsSync(path.join(ROOT, "test", "verify", `${name}.test.ts`));
}

/** As the hosts of repositories name headings. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

// `vitest run test/documentation -u` puts what is printed into the documents.
describe.each(["docs/getting-started.md", "docs/scenario-language.md"])("%s", (document) => {
  const text = textOf(document);

  test("the scenario that it shows is sound", async () => {
    const files = filesShown(text);
    if (files["scenario.yaml"] === undefined) return;
    const { code, stdout, stderr } = await firebreak(folderWith(files), "check", "--strict", "scenario.yaml");
    expect(code, stdout + stderr).toBe(0);
  });

  test("its commands print what it shows", async () => {
    const folder = folderWith(filesShown(text));
    const printed: string[] = [];
    for (const args of commandsShown(text)) {
      const { code, stdout, stderr } = await firebreak(folder, ...args);
      printed.push(code === 0 ? stdout : stdout + stderr);
    }
    await expect(withPrinted(text, printed)).toMatchFileSnapshot(path.join(ROOT, document));
  });
});
