// The project's own source files, read and parsed, for the tests that hold the source to the house rules.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync, Visitor } from "rolldown/utils";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The top-level folders that hold source. */
const TOPS = ["harness", "mock-services", "reports"];

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly syntax: ReturnType<typeof parseSync>;
}

export function parsed(path: string, text: string): SourceFile {
  return { path, text, syntax: parseSync(path, text) };
}

/** All files of the patterns, in a fixed order. */
export function files(...patterns: readonly string[]): string[] {
  return globSync([...patterns], { cwd: ROOT, exclude: ["**/node_modules/**"] })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted();
}

/** Every TypeScript file of the product, tests apart. */
export function sources(): SourceFile[] {
  const patterns = TOPS.map((top) => `${top}/**/*.{ts,tsx}`);
  return files(...patterns).map((path) => parsed(path, readFileSync(join(ROOT, path), "utf8")));
}

/** What a file names of other files and packages: imports, re-exports, dynamic imports, `new URL("…", import.meta.url)`. */
export function references({ syntax }: SourceFile): string[] {
  const found: string[] = [];
  const add = (source: unknown): void => {
    const value = (source as { value?: unknown } | null)?.value;
    if (typeof value === "string") found.push(value);
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
    NewExpression: (node) => {
      if (node.callee.type === "Identifier" && node.callee.name === "URL" && node.arguments.length === 2) {
        add(node.arguments[0]);
      }
    },
  }).visit(syntax.program);
  return found;
}

/** The file that a relative reference leads to, from the root of the repository. */
export function resolved(path: string, reference: string): string {
  return relative(ROOT, join(ROOT, dirname(path), reference)).replaceAll("\\", "/");
}
