import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { BIN, begin, ended } from "./firebreak.ts";
import { LIVE, isAlive, reached, shortRehearsal } from "./live-fleet.ts";

interface Printed {
  readonly engine: string;
  readonly variants: readonly {
    readonly strategy: string;
    readonly outcome: string;
    readonly warnings: readonly { readonly code: string }[];
  }[];
}

test("a real fleet starts, runs, is judged and leaves nothing behind", async () => {
  const child = begin(shortRehearsal(), "run", "scenario.yaml", "--strategy", "everywhere", ...LIVE);
  const end = ended(child);
  const fleet = await reached(child, 2000);
  expect(fleet.length).toBeGreaterThan(8);
  const { code, stdout } = await end;
  const result = JSON.parse(stdout) as Printed;
  expect(result).toMatchObject({ engine: "live", variants: [{ strategy: "everywhere", outcome: "unmitigated" }] });
  expect(code).toBe(0);
  expect(fleet.filter(isAlive)).toEqual([]);
}, 90_000);

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s takes the fleet down, reports what was recorded, and exits with %i",
  async (signal, expected) => {
    const child = begin(shortRehearsal(), "run", "scenario.yaml", "--strategy", "everywhere", ...LIVE);
    const end = ended(child);
    const fleet = await reached(child, 8000);
    child.kill(signal);
    const { code, stdout } = await end;
    expect(code).toBe(expected);
    expect(fleet.filter(isAlive)).toEqual([]);
    const [variant] = (JSON.parse(stdout) as Printed).variants;
    expect(variant!.warnings.map((warning) => warning.code)).toContain("interrupted");
  },
  90_000,
);

test("a disk that is full ends a live run with exit 3 and one message, and nothing is left running", async () => {
  const command = `ulimit -f 16; exec "${process.execPath}" "${BIN}" run scenario.yaml --strategy everywhere ${LIVE.join(" ")}`;
  const child = spawn("bash", ["-c", command], { cwd: shortRehearsal(), stdio: ["ignore", "pipe", "pipe"] });
  const end = ended(child);
  const fleet = await reached(child, 1000);
  const { code, stdout, stderr } = await end;
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr.match(/error not-writable: .*recording\.jsonl could not be written/g)).toHaveLength(1);
  expect(fleet.filter(isAlive)).toEqual([]);
}, 90_000);

test.each(["service", "inline"])(
  "--isolation %s with --control is judged like any other",
  async (isolation) => {
    const options = ["--isolation", isolation, "--control", "--strategy", "everywhere"];
    const { code, stdout } = await ended(begin(shortRehearsal(), "run", "scenario.yaml", ...options, ...LIVE));
    expect(JSON.parse(stdout)).toMatchObject({ engine: "live", variants: [{ outcome: "unmitigated" }] });
    expect(code).toBe(0);
  },
  120_000,
);

test("a second Ctrl-C ends at once, and the guard leaves no process of the fleet", async () => {
  const child = begin(shortRehearsal(), "run", "scenario.yaml", "--strategy", "everywhere", ...LIVE);
  const end = ended(child);
  const fleet = await reached(child, 2000);
  child.kill("SIGINT");
  await new Promise<void>((heard) => {
    child.stderr!.on("data", (text: Buffer) => String(text).includes("once more to stop at once") && heard());
  });
  child.kill("SIGINT");
  const { code, stdout } = await end;
  expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
  await expect.poll(() => fleet.filter(isAlive), { timeout: 2000 }).toEqual([]);
}, 90_000);
