// Data flows one way, and this table says how: what each folder is for, and what it may import. ARCHITECTURE.md explains it.
import { expect, test } from "vitest";
import { parsed, references, resolved, sources } from "./source-tree.ts";
import type { SourceFile } from "./source-tree.ts";

interface Folder {
  /** Folders of ours. */
  readonly imports: readonly string[];
  readonly packages?: readonly string[];
}

const BASE = ["harness/core", "harness/model"];
const FAMILY = { imports: [...BASE, "harness/schema"], packages: ["zod"] };
const FAMILY_THAT_MEASURES = { imports: [...FAMILY.imports, "harness/signals"], packages: ["zod"] };
const FAMILIES = ["policies", "service", "faults", "load", "rollout", "response"].map((name) => `harness/${name}`);
const MEASURED = [...BASE, "harness/signals"];

/** Where the machines of the data plane meet, in the same composition for both engines. */
const DATA_PLANE = ["policies", "service", "faults", "load", "actor"].map((name) => `harness/${name}`);

const FOLDERS: Readonly<Record<string, Folder>> = {
  "harness/core": { imports: [], packages: ["seedrandom"] },
  "harness/model": { imports: ["harness/core"] },
  "harness/signals": { imports: BASE, packages: ["hdr-histogram-js"] },
  "harness/schema": { imports: BASE, packages: ["zod"] },
  "harness/policies": FAMILY,
  "harness/service": FAMILY,
  "harness/faults": FAMILY,
  "harness/load": { imports: FAMILY.imports, packages: ["zod", "@faker-js/faker"] },
  "harness/rollout": FAMILY_THAT_MEASURES,
  "harness/response": FAMILY_THAT_MEASURES,
  "harness/actor": { imports: [...MEASURED, "harness/policies", "harness/service", "harness/faults", "harness/load"] },
  "harness/language": { imports: [...MEASURED, "harness/schema", ...FAMILIES], packages: ["zod", "yaml"] },
  "harness/recording": { imports: MEASURED },
  "harness/engine": { imports: [...MEASURED, ...FAMILIES, "harness/recording"] },
  "harness/sim": { imports: [...MEASURED, ...DATA_PLANE, "harness/recording", "harness/engine"] },
  // rolldown builds the bundle of a clone; a package brings its own, and no rolldown.
  "harness/bundle": { imports: [], packages: ["rolldown"] },
  "harness/wire": { imports: [...MEASURED, "harness/policies", "harness/faults"], packages: ["undici"] },
  "harness/live": {
    imports: [
      ...MEASURED,
      ...DATA_PLANE,
      "harness/bundle",
      "harness/recording",
      "harness/engine",
      "harness/wire",
      "mock-services",
    ],
    packages: ["hdr-histogram-js"],
  },
  "harness/verdict": { imports: [...MEASURED, "harness/recording"], packages: ["hdr-histogram-js"] },
  "harness/analysis": { imports: BASE },
  "harness/study": {
    imports: [...BASE, "harness/engine", "harness/recording", "harness/verdict", "harness/analysis"],
  },
  "harness/ledger": { imports: [...BASE, "harness/verdict"] },
  "harness/api": { imports: ["everything"] },
  "harness/cli": { imports: ["everything"], packages: ["commander"] },
  "mock-services": {
    imports: [...MEASURED, "harness/service", "harness/policies", "harness/faults", "harness/actor", "harness/wire"],
    packages: ["fastify"],
  },
  reports: {
    imports: [...MEASURED, "harness/recording", "harness/verdict", "harness/analysis", "harness/ledger"],
    packages: ["hdr-histogram-js"],
  },
};

/** The table's row that a file belongs to: that of the longest folder. */
function folderOf(path: string): string | null {
  const parts = path.split("/").slice(0, -1);
  for (; parts.length > 0; parts.pop()) if (Object.hasOwn(FOLDERS, parts.join("/"))) return parts.join("/");
  return null;
}

function violations(file: SourceFile): string[] {
  const from = folderOf(file.path);
  if (from === null) return [`${file.path}: its folder has no row in the table of test/architecture.test.ts`];
  const { imports, packages = [] } = FOLDERS[from]!;
  const found: string[] = [];
  for (const reference of references(file)) {
    // Where Node's own modules may stand is a rule of test/tidy.test.ts.
    if (reference.startsWith("node:")) continue;
    if (!reference.startsWith(".")) {
      const [scope = "", name = ""] = reference.split("/");
      const packageName = scope.startsWith("@") ? `${scope}/${name}` : scope;
      if (!packages.includes(packageName))
        found.push(`${file.path}: ${from} may not import the package ${packageName}`);
      continue;
    }
    const target = resolved(file.path, reference);
    const to = folderOf(target);
    if (to === null) {
      if (/\.tsx?$/.test(target)) found.push(`${file.path}: ${target} belongs to no folder of the table`);
    } else if (to !== from && !imports.includes(to) && !imports.includes("everything")) {
      found.push(`${file.path}: ${from} may not import ${to} (${target})`);
    } else if (from === "harness/api" && to === "harness/cli") {
      found.push(`${file.path}: the library does not know the command line (${target})`);
    }
  }
  return found;
}

test("every folder imports only what its row allows", () => {
  expect(sources().flatMap(violations)).toEqual([]);
});

test("no two families know each other, and nobody but the engines, the language and the command line knows them all", () => {
  for (const family of FAMILIES) {
    expect(FOLDERS[family]!.imports.filter((folder) => FAMILIES.includes(folder))).toEqual([]);
  }
  const knowAll = Object.keys(FOLDERS).filter((name) =>
    FAMILIES.every((family) => FOLDERS[name]!.imports.includes(family)),
  );
  expect(knowAll).toEqual(["harness/language", "harness/engine"]);
});

test("the table has no circles: data flows one way", () => {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    expect(path, "a folder that imports itself through others").not.toContain(name);
    if (done.has(name)) return;
    for (const next of FOLDERS[name]!.imports) if (next !== "everything") visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of Object.keys(FOLDERS)) visit(name, []);
});

/** The one circle that is meant: a caller sends by its transport, which reads the message from the caller. Types alone. */
const MEANT = new Set(["harness/actor/caller.ts -> harness/actor/transport.ts"]);

/** Files that import each other in a circle, types included, each circle once: `a -> b -> a`. */
function circles(files: readonly SourceFile[]): string[] {
  const imports = new Map(
    files.map((file) => [
      file.path,
      references(file)
        .filter((reference) => reference.startsWith("."))
        .map((reference) => resolved(file.path, reference))
        .filter((target) => !MEANT.has(`${file.path} -> ${target}`)),
    ]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) return void found.push([...above.slice(above.indexOf(path)), path].join(" -> "));
    if (done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...above, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return found;
}

test("no files import each other in a circle: each can be read knowing only what it imports", () => {
  expect(circles(sources())).toEqual([]);
});

test("a circle of files is caught, by whichever way it goes", () => {
  const files = [
    parsed("harness/core/a.ts", `import type { B } from "./b.ts"; export type A = B;`),
    parsed("harness/core/b.ts", `export const c = () => import("./c.ts");`),
    parsed("harness/core/c.ts", `export * from "./a.ts";`),
  ];
  expect(circles(files)).toEqual(["harness/core/a.ts -> harness/core/b.ts -> harness/core/c.ts -> harness/core/a.ts"]);
});

test.each([
  ["a family that knows another", "harness/faults/x.ts", `import { a } from "../policies/retry.ts";`],
  ["a type imported against the stream", "harness/model/x.ts", `import type { A } from "../verdict/result.ts";`],
  ["a re-export", "harness/core/x.ts", `export * from "../model/plan.ts";`],
  ["a dynamic import", "harness/study/x.ts", `const engine = await import("../sim/sim-engine.ts");`],
  ["the URL of another folder's process", "harness/sim/x.ts", `new URL("../live/guard-process.ts", import.meta.url);`],
  ["a type written as an import", "harness/core/x.ts", `let plan: import("../model/plan.ts").Plan;`],
  ["a package that the row does not have", "harness/sim/x.ts", `import { request } from "undici";`],
  ["a part of such a package", "reports/x.ts", `import { en } from "@faker-js/faker/locale/en";`],
  ["a test", "harness/sim/x.ts", `import { parsed } from "../../test/source-tree.ts";`],
  ["the command line behind the library", "harness/api/x.ts", `import { main } from "../cli/main.ts";`],
  ["a folder without a row", "harness/utils/x.ts", ``],
  ["a file beside the folders", "harness/x.ts", ``],
])("%s is caught", (_, path, text) => {
  expect(violations(parsed(path, text))).toHaveLength(1);
});

test("what the table allows is let through", () => {
  const text = `import { log } from "../core/math.ts"; import { z } from "zod"; import { open } from "node:fs"; // "undici"`;
  expect(violations(parsed("harness/faults/x.ts", text))).toEqual([]);
});
