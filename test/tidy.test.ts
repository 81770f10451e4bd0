// Taste as a test: the house rules of CONTRIBUTING.md that a machine can check. Each message names what to use instead.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Visitor } from "rolldown/utils";
import { expect, test } from "vitest";
import { CODES } from "../harness/core/codes.ts";
import { ROOT, files, parsed, references, sources } from "./source-tree.ts";
import type { SourceFile } from "./source-tree.ts";

/** Where the world outside may be touched; everywhere else is decided purely, from what is told. */
const EDGES = [
  /^harness\/(bundle|live|wire|cli|study|ledger|api)\//,
  /^mock-services\//,
  /^reports\/(?!player\/)/,
  /^harness\/language\/read-file\.ts$/,
  /^harness\/recording\/(file-recording|folder|lines-of|read-recording|run-directory)\.ts$/,
];

const TOLD = "a machine is told the time: take `nowMs`, and answer `nextWakeup()` to be woken";
const PASSED = "read it in cli/ and pass the value on";
const MOVED =
  "do it at an edge: bundle/, live/, wire/, mock-services/, cli/, study/, ledger/, reports/ or a reader of files";

const OUTSIDE: Readonly<Record<string, string>> = {
  Date: TOLD,
  performance: TOLD,
  setTimeout: TOLD,
  setInterval: TOLD,
  setImmediate: TOLD,
  queueMicrotask: TOLD,
  process: PASSED,
  globalThis: PASSED,
  console: "return what is to be said, and let cli/ print it",
  fetch: MOVED,
};

const DIFFERS = "it differs between machines: use the one of core/math.ts";
const MATH: Readonly<Record<string, string>> = {
  random: "draw by key (core/key.ts), or from a named stream (core/stream.ts)",
  ...Object.fromEntries(["log", "exp", "pow"].map((name) => [name, DIFFERS])),
  ...Object.fromEntries(
    ["log2", "log10", "log1p", "expm1", "cbrt", "hypot", "sin", "cos", "tan", "atan", "atan2", "sinh", "tanh"].map(
      (name) => [name, "it differs between machines: build it from core/math.ts"],
    ),
  ),
};

const LOCALE = new Set(["localeCompare", "toLocaleString", "toLocaleDateString", "toLocaleTimeString"]);

/** Everything in a file that breaks a rule about what code may say. */
function violations(file: SourceFile): string[] {
  const { path, text, syntax } = file;
  const found: string[] = [];
  const add = (start: number, message: string): void => {
    found.push(`${path}:${text.slice(0, start).split("\n").length}: ${message}`);
  };
  const isEdge = EDGES.some((edge) => edge.test(path));
  for (const reference of references(file)) {
    if (!reference.startsWith("node:") || isEdge) continue;
    // A hash is computed, not touched.
    if (reference === "node:crypto" && path.startsWith("harness/recording/")) continue;
    // The compiler is told how to compile, and nothing is learned from it.
    if (reference === "node:v8" && path === "harness/sim/optimizer.ts") continue;
    add(0, `${reference} is not for this folder; ${MOVED}`);
  }
  const named = (node: { type: string }): void => {
    if (node.type !== "Identifier" || isEdge) return;
    const { name, start } = node as unknown as { name: string; start: number };
    if (Object.hasOwn(OUTSIDE, name)) add(start, `${name} is not for this folder; ${OUTSIDE[name]}`);
  };
  new Visitor({
    MemberExpression: (node) => {
      named(node.object);
      if (node.property.type !== "Identifier" || node.computed) return;
      const { name } = node.property;
      if (node.object.type === "Identifier" && node.object.name === "Math" && Object.hasOwn(MATH, name)) {
        add(node.start, `not Math.${name}: ${MATH[name]}`);
      }
      if (LOCALE.has(name))
        add(node.start, `not ${name}, which depends on the machine: compare with < or format yourself`);
    },
    CallExpression: (node) => {
      named(node.callee);
      const first = node.arguments[0];
      if (node.callee.type !== "MemberExpression" || node.callee.property.type !== "Identifier") return;
      if (!["error", "warning"].includes(node.callee.property.name) || first?.type !== "Literal") return;
      checkCode(node.start, first.value);
    },
    NewExpression: (node) => named(node.callee),
    Property: (node) => {
      if (node.key.type !== "Identifier" || node.key.name !== "code" || node.value.type !== "Literal") return;
      checkCode(node.start, node.value.value);
    },
    BinaryExpression: (node) => {
      if (node.operator === "**")
        add(node.start, "not **, which differs between machines: multiply, or pow of core/math.ts");
    },
    TSEnumDeclaration: (node) => add(node.start, "no enum: a union of literals, or constants"),
    TSModuleDeclaration: (node) => add(node.start, "no namespace: a module is one"),
    TSParameterProperty: (node) => add(node.start, "no parameter property: declare the field and assign it"),
    TSAnyKeyword: (node) => add(node.start, "no `any`: unknown, or the real type"),
  }).visit(syntax.program);
  for (const comment of syntax.comments) {
    if (/\b(TODO|FIXME|XXX|HACK)\b/.test(comment.value))
      add(comment.start, "do it, or open an issue: no notes to self");
    if (/@ts-(ignore|nocheck|expect-error)/.test(comment.value))
      add(comment.start, "fix the type instead of hiding it");
  }
  return found;

  function checkCode(start: number, code: unknown): void {
    if (typeof code !== "string" || !/^[a-z]+(-[a-z]+)+$/.test(code) || Object.hasOwn(CODES, code)) return;
    add(start, `the code "${code}" is not in the table: add a row to core/codes.ts and a section to docs/errors.md`);
  }
}

/** What is wrong with a file's name, its length or its first line. */
function shape({ path, text }: { path: string; text: string }): string[] {
  const name = basename(path).replace(/(\.test|\.d|\.config)?\.(tsx?|mjs)$/, "");
  const found: string[] = [];
  if (/^(utils?|helpers?|common|types?|index|misc|shared)$/.test(name)) {
    found.push(`${path}: name it for the one thing it is, and let importers name the file they mean`);
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) found.push(`${path}: file names are lower case words with hyphens`);
  const lines = text.trimEnd().split("\n");
  if (lines.length > 300) found.push(`${path}: ${lines.length} lines; over 300, a file is about more than one thing`);
  const first = lines[0]!.startsWith("#!") ? lines[1] : lines[0];
  if (!/^(\/\/|\/\*)/.test(first ?? "")) found.push(`${path}: open with one to three lines on what the file is for`);
  return found;
}

const all = sources();

test("the source says nothing that the house rules forbid", () => {
  expect(all.flatMap(violations)).toEqual([]);
});

test("every file is named for what it is, opens with what it is for, and is short", () => {
  expect(all.flatMap(shape)).toEqual([]);
  const beside = files("bin/*.mjs", "*.ts", ".ci/*.mjs").map((path) => ({ path, text: read(path) }));
  expect(beside.flatMap(shape)).toEqual([]);
});

test("tests and what they share are short, too", () => {
  const long = files("test/**/*.ts").filter((path) => read(path).trimEnd().split("\n").length > 300);
  expect(long).toEqual([]);
});

test("the median length of a file lies between 40 and 140 lines", () => {
  const lengths = all.map(({ text }) => text.trimEnd().split("\n").length).toSorted((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)]!;
  expect(median).toBeGreaterThanOrEqual(40);
  expect(median).toBeLessThanOrEqual(140);
});

test("no file names a place on somebody's machine", () => {
  const texts = files("{bin,harness,mock-services,reports,test,docs,schema,scenarios,.ci}/**/*.*", "*.{md,ts,json}");
  const placed = texts.filter((path) => /(^|[\s"'`(=:])\/(work|tmp|root|home|Users)\//m.test(read(path)));
  expect(placed.filter((path) => path !== "test/tidy.test.ts")).toEqual([]);
});

test("every code of the table can be met: some source names it", () => {
  const rest = all.filter(({ path }) => path !== "harness/core/codes.ts");
  const unused = Object.keys(CODES).filter((code) => !rest.some(({ text }) => text.includes(`"${code}"`)));
  expect(unused).toEqual([]);
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

test.each([
  ["a clock", "harness/policies/x.ts", "const now = Date.now();"],
  ["a date", "harness/policies/x.ts", "const now = new Date();"],
  ["a timer", "harness/service/x.ts", "setTimeout(run, 5);"],
  ["the environment", "harness/sim/x.ts", "const seed = process.env;"],
  ["a file system", "harness/rollout/x.ts", `import { readFileSync } from "node:fs";`],
  ["Node in the player", "reports/player/x.ts", `import { join } from "node:path";`],
  ["the platform's logarithm", "harness/live/x.ts", "const x = Math.log(2);"],
  ["the platform's power", "harness/sim/x.ts", "const x = 2 ** y;"],
  ["unseeded randomness", "harness/load/x.ts", "const x = Math.random();"],
  ["an order that depends on the machine", "reports/x.ts", "names.sort((a, b) => a.localeCompare(b));"],
  ["an enum", "harness/model/x.ts", "enum Side { Left }"],
  ["a namespace", "harness/model/x.ts", "namespace Side {}"],
  ["a parameter property", "harness/model/x.ts", "class A { constructor(readonly b: number) {} }"],
  ["any", "harness/model/x.ts", "const a = b as any;"],
  ["a note to self", "harness/model/x.ts", ["// TO", "DO: later\nconst a = 1;"].join("")],
  ["a silenced compiler", "harness/model/x.ts", "// @ts-ignore\nconst a: string = 1;"],
  ["a code without a row", "harness/language/x.ts", `problems.error("no-such-code", place);`],
])("%s is caught", (_, path, text) => {
  expect(violations(parsed(path, text))).toHaveLength(1);
});

test("what only looks like it is let through", () => {
  const text = `const a = { Date: 1, process: 2 }; const b = a.process; // Date.now()\nconst c = "setTimeout(x)";`;
  expect(violations(parsed("harness/model/x.ts", text))).toEqual([]);
  expect(violations(parsed("harness/live/x.ts", `import "node:fs"; setTimeout(Date.now, process.pid);`))).toEqual([]);
});

test.each([
  ["a name that says nothing", "harness/core/utils.ts", "// What it is for.\n"],
  ["a barrel", "harness/core/index.ts", "// What it is for.\n"],
  ["a name in camel case", "harness/core/wakeHeap.ts", "// What it is for.\n"],
  ["a file without an opening", "harness/core/x.ts", "const a = 1;\n"],
  ["a long file", "harness/core/x.ts", `// What it is for.\n${"a();\n".repeat(300)}`],
])("%s is caught", (_, path, text) => {
  expect(shape({ path, text })).toHaveLength(1);
});
