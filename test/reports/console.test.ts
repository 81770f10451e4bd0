import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Result } from "../../harness/verdict/result.ts";
import { consoleReport } from "../../reports/console.ts";
import { jsonReport } from "../../reports/json.ts";
import { sampleMeasurement, sampleStudy, seededStudy } from "./sample-results.ts";

const golden = (name: string): string => path.join(import.meta.dirname, "golden", name);
const command = "firebreak run back-bad-release.yaml";
const directory = ".firebreak/runs/20260301-102030-back-bad-release";
const study = sampleStudy();

function printed(results: readonly Result[], columns: number, hasColor = false): string {
  return consoleReport(results, {
    commands: results.map(({ seeds }) => (seeds.length === 1 ? command : `${command} --repeat ${seeds.length}`)),
    columns,
    hasColor,
    directories: results.map(() => directory),
    isSeveral: results.length > 1,
  });
}

/** What remains when colours are gone. */
function colourless(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\u001B\[[\d;]*m/g, "");
}

describe("the console report", () => {
  it.each([80, 200])("prints a study in %i columns", async (columns) => {
    await expect(printed([study], columns)).toMatchFileSnapshot(golden(`study-${columns}.txt`));
  });

  it("prints several seeds and several scenarios", async () => {
    await expect(printed([seededStudy(), sampleMeasurement()], 80)).toMatchFileSnapshot(golden("several-80.txt"));
  });

  it("prints a study in colour", async () => {
    await expect(printed([study], 80, true)).toMatchFileSnapshot(golden("study-80-colour.txt"));
  });

  it.each([80, 100, 139, 140, 149, 150, 200])("never writes beyond %i columns", (columns) => {
    for (const line of printed([study, seededStudy(), sampleMeasurement()], columns).split("\n")) {
      if (line.startsWith("repeat:") || line.startsWith("recordings:")) continue;
      expect(line.slice(columns)).toBe("");
    }
  });

  it("says the same with and without colour", () => {
    expect(colourless(printed([study], 80, true))).toBe(printed([study], 80));
  });

  it("ends in a command with the seed, so that anybody can repeat it", () => {
    expect(printed([study], 80)).toContain(`${command} --seed 7\n`);
    const withSeed = consoleReport([study], {
      commands: [`${command} --seed 7`],
      hasColor: false,
      directories: [null],
      isSeveral: false,
    });
    expect(withSeed).toContain(`${command} --seed 7\n`);
  });

  it("tells what was done in full, and a warning once", () => {
    const limit = "services.playlist@new.latencyMs.p90 is 2040, wanted at most 1.5 × stable (20)";
    const message = "processes of the live run stood still 57 times";
    const [variant, ...others] = study.variants;
    const rollout = [limit, `warning: ${message}`].map((event) => ({ atMs: 1000, event }));
    const warned = { ...variant!, rollout, warnings: [{ code: "fleet-stalled", message }] };
    const text = printed([{ ...study, variants: [warned, ...others] }], 80);
    expect(text.replaceAll(/\s+/g, " ")).toContain(`0:01 ${limit}`);
    expect(text.split(message)).toHaveLength(2);
  });

  it("names a control run only where there was one", () => {
    const words = (result: Result): string => printed([result], 80).replaceAll(/\s+/g, " ");
    expect(words(study)).toContain("are those that the control run did not have;");
    const alone = words({ ...study, control: null });
    expect(alone).toContain("are what goes beyond the steady state before the trigger (there was no control run);");
    expect(alone).not.toContain("the control run");
  });

  it("says of an interrupted study that it was interrupted, whatever the part before came to", () => {
    const heading = (result: Result): string => printed([result], 80).split("\n")[0]!;
    const warnings = [{ code: "interrupted", message: "the run was interrupted at 40 s" }];
    expect(heading(study)).toMatch(/  ✗ not passed$/);
    const [variant, ...others] = study.variants;
    for (const passed of [true, false]) {
      expect(heading({ ...study, passed, warnings })).toMatch(/  ! interrupted$/);
      const inOne = [{ ...variant!, warnings: [...variant!.warnings, ...warnings] }, ...others];
      expect(heading({ ...study, passed, variants: inOne })).toMatch(/  ! interrupted$/);
    }
    expect(heading({ ...sampleMeasurement(), warnings })).toMatch(/  ! interrupted$/);
  });

  it("leaves no per cent sign alone at the beginning of a line", () => {
    const full = { ...study, warnings: [{ code: "x", message: "12 % ".repeat(40) }] };
    for (const columns of [77, 78, 79, 80, 81]) expect(printed([full], columns)).not.toMatch(/^ *%/m);
  });

  it("lets nothing in a message move the cursor", () => {
    const nasty = { ...study, warnings: [{ code: "x", message: "\u001B[2Jgone\r\nnext" }] };
    expect(printed([nasty], 80)).not.toContain("\u001B");
  });
});

describe("the JSON report", () => {
  it("is one object for one file and an array for several", () => {
    expect(JSON.parse(jsonReport([study], { isSeveral: false }))).toEqual(JSON.parse(JSON.stringify(study)));
    // The other of two files could not be judged.
    expect(JSON.parse(jsonReport([study], { isSeveral: true }))).toHaveLength(1);
    expect(JSON.parse(jsonReport([study, study], { isSeveral: true }))).toHaveLength(2);
  });

  it("has the documented fields", () => {
    const result = JSON.parse(jsonReport([study], { isSeveral: false })) as Result;
    expect(Object.keys(result)).toEqual([
      "format",
      "scenario",
      "engine",
      "seed",
      "seeds",
      "planHash",
      "passed",
      "checks",
      "control",
      "variants",
      "warnings",
    ]);
    expect(result.format).toBe("firebreak.result/1");
    expect(Object.keys(result.variants[0]!)).toEqual(
      expect.arrayContaining([
        "strategy",
        "outcome",
        "expected",
        "passed",
        "seeds",
        "facts",
        "blastRadius",
        "propagation",
        "timesMs",
        "exposure",
        "amplification",
        "actions",
        "rollout",
        "checks",
        "control",
        "journeys",
        "services",
        "zones",
        "calls",
        "load",
      ]),
    );
    expect(Object.keys(result.control!)).toEqual(["journeys", "services", "zones", "calls", "load"]);
  });
});
