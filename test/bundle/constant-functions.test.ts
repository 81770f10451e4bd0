import { build } from "rolldown";
import { expect, test } from "vitest";
import { constantFunctions } from "../../harness/bundle/constant-functions.ts";

/** One module, bundled as a hot one or not. */
async function bundled(source: string, isHot = true): Promise<string> {
  const { output } = await build({
    input: "hot.ts",
    write: false,
    logLevel: "silent",
    plugins: [
      { name: "source", resolveId: (id) => id, load: () => source },
      constantFunctions((path) => isHot && path === "hot.ts"),
    ],
  });
  return output[0].code;
}

/** What a module exports, once it is loaded. */
async function loaded(source: string): Promise<Record<string, (...of: unknown[]) => unknown>> {
  const code = encodeURIComponent(await bundled(source));
  return import(`data:text/javascript,${code}`) as Promise<Record<string, (...of: unknown[]) => unknown>>;
}

const HALF = `
  export function half(of: number): number { return of % 2 === 0 ? of / 2 : next<number>(of) / 2; }
  function next<T extends number>(of: T) { return of + 1; }
`;

test("functions of a hot module are constants, and call each other in whatever order they stand", async () => {
  const code = await bundled(HALF);
  expect(code).toContain("const half = function");
  expect(code).toContain("const next = function");
  const { half } = await loaded(HALF);
  expect([half!(4), half!(5), half!.name]).toEqual([2, 3, "half"]);
});

test("modules that are not hot stay as they are", async () => {
  expect(await bundled(HALF, false)).not.toContain("const half");
});

test("what is no plain function stays as it is, and works", async () => {
  const source = `
    export default function named() { return 1; }
    export async function later() { return 2; }
    export function* each() { yield 3; }
    export class Four { four() { return inner(); function inner() { return 4; } } }
    export const five = () => 5;
  `;
  expect(await bundled(source)).not.toMatch(/const (named|later|each|inner) /);
  const { default: named, later, each, Four, five } = await loaded(source);
  expect([named!(), await later!(), ...(each!() as Iterable<number>), five!()]).toEqual([1, 2, 3, 5]);
  expect(new (Four as unknown as new () => { four(): number })().four()).toBe(4);
});

test("a module that calls its function before it is declared does not load, instead of doing something else", async () => {
  await expect(loaded("export const one = of(); function of() { return 1; }")).rejects.toThrow(/initialization/);
});
