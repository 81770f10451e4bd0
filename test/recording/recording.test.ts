import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync as symlink,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Problem } from "../../harness/model/problem.ts";
import type { RunEvent } from "../../harness/recording/event.ts";
import { FileRecording } from "../../harness/recording/file-recording.ts";
import { encodeLine } from "../../harness/recording/line.ts";
import { MemoryRecording } from "../../harness/recording/memory-recording.ts";
import { planHash } from "../../harness/recording/plan-hash.ts";
import { readRecording } from "../../harness/recording/read-recording.ts";
import type { Recording } from "../../harness/recording/recording.ts";
import { RecordingFailure } from "../../harness/recording/recording-failure.ts";
import type { RunLabel } from "../../harness/recording/run-directory.ts";
import {
  createRunDirectory,
  KEPT_RUNS,
  KEPT_RUNS_OF_SEEDS,
  writeRunInfo,
} from "../../harness/recording/run-directory.ts";
import { smallPlan } from "../signals/small-plan.ts";
import { headerOf, record } from "./sample-run.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "recording-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function inMemory(seconds?: number): Recording {
  const sink = new MemoryRecording();
  record(sink, seconds);
  return sink.finished();
}

function written(seconds?: number): string {
  const sink = new FileRecording(folder);
  record(sink, seconds);
  return sink.file;
}

function read(file: string): Recording {
  const result = readRecording(file);
  if ("problems" in result) throw new Error(result.problems[0]!.message);
  return result.recording;
}

function problemOf(file: string): Problem {
  const result = readRecording(file);
  if ("recording" in result) throw new Error("it was read");
  expect(result.problems).toHaveLength(1);
  return result.problems[0]!;
}

describe("a recording", () => {
  it("holds in memory and in a file the same bytes, and reads back as it was written", () => {
    const memory = inMemory();
    const file = read(written());
    expect(file.digest()).toBe(memory.digest());
    expect(file.header).toEqual(memory.header);
    expect(file.events).toEqual(memory.events);
    expect(file.end).toEqual({ reason: "completed" });
    expect([...file.buckets()]).toEqual([...memory.buckets()]);
    expect([...file.buckets()].map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  });

  it("can be read as often as one likes", () => {
    const recording = read(written());
    expect([...recording.buckets()]).toEqual([...recording.buckets()]);
  });

  it("differs in its digest where anything differs", () => {
    expect(inMemory(4).digest()).not.toBe(inMemory(5).digest());
  });

  it("spells equal events alike, whatever order their fields were written in", () => {
    const one = encodeLine({ event: { atMs: 1, kind: "trigger", state: "began" } });
    const other = encodeLine({ event: { state: "began", kind: "trigger", atMs: 1 } });
    expect(one).toBe(other);
  });

  it("may be longer than the pieces in which it is written and read", () => {
    const recording = read(written(5000));
    expect([...recording.buckets()]).toHaveLength(5000);
    expect(recording.events).toHaveLength(5000);
  });
});

describe("the hash of a plan", () => {
  it("does not depend on the order of keys, and does on every value", () => {
    const plan = smallPlan();
    const reversed = Object.fromEntries(Object.entries(plan).toReversed()) as unknown as typeof plan;
    expect(planHash(reversed)).toBe(planHash(plan));
    expect(planHash({ ...plan, seed: 8 })).not.toBe(planHash(plan));
  });
});

describe("a recording that was cut off", () => {
  it("is read up to the last whole line, and says that it was interrupted", () => {
    const file = written();
    const whole = readFileSync(file, "utf8");
    const bucket3 = whole.indexOf('{"bucket":{"index":3');
    for (const keep of [bucket3, bucket3 + 1, bucket3 + 40]) {
      writeFileSync(file, whole.slice(0, keep));
      const recording = read(file);
      expect([...recording.buckets()].map(({ index }) => index)).toEqual([0, 1, 2]);
      expect(recording.end).toEqual({ reason: "interrupted", atMs: 3000 });
    }
  });

  it("is readable wherever it was cut behind its header", () => {
    const file = written(2);
    const whole = readFileSync(file);
    const header = whole.indexOf(10) + 1;
    for (let length = whole.length; length >= header; length--) {
      truncateSync(file, length);
      expect(read(file).header.plan.scenario).toBe("small");
    }
  });
});

describe("a file that is no sound recording", () => {
  it("is refused by the name of its format", () => {
    const file = written();
    writeFileSync(file, readFileSync(file, "utf8").replace("firebreak.recording/2", "firebreak.recording/9"));
    expect(problemOf(file)).toMatchObject({ code: "unknown-format", place: { line: 1 } });
    expect(problemOf(file).message).toContain("firebreak.recording/9");
  });

  it("is refused where its plan was changed", () => {
    const file = written();
    writeFileSync(file, readFileSync(file, "utf8").replace('"seed":7', '"seed":8'));
    expect(problemOf(file)).toMatchObject({ code: "broken-recording", place: { line: 1 } });
  });

  it.each([
    ["no JSON", "nonsense"],
    ["another kind of line", '{"noise":1}'],
    ["an unknown event", '{"event":{"kind":"party","atMs":1}}'],
    ["an event without its fields", '{"event":{"kind":"weight","atMs":1}}'],
    ["a bucket out of order", encodeLine({ bucket: { ...[...inMemory().buckets()][0]!, index: 0 } })],
    [
      "a row that does not exist",
      encodeLine({ bucket: { ...[...inMemory().buckets()][0]!, index: 9, services: [[99, 0, 1]] } }),
    ],
    ["a histogram of more bins than there are", withHistogram("ggI")],
    ["a histogram of endless numbers", withHistogram("/".repeat(1000))],
    ["a histogram that is no text", withHistogram(null)],
    ["an end without a reason", '{"end":{}}'],
  ])("is refused at the line that is broken: %s", (_, line) => {
    const file = written();
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    writeFileSync(file, [...lines.slice(0, -1), line, ""].join("\n"));
    expect(problemOf(file)).toMatchObject({ code: "broken-recording", place: { line: lines.length } });
  });

  it("is refused where something follows the end", () => {
    const file = written();
    appendFileSync(file, '{"event":{"kind":"trigger","atMs":1,"state":"began"}}\n');
    expect(problemOf(file).message).toContain("follows the end");
  });

  it.each([
    "",
    "\n",
    "{}\n",
    "[1]\n",
    "topology: shop\n",
    '{"header":null}\n',
    '{"header":{"format":"firebreak.recording/2"}}\n',
  ])("is a problem and no crash: %j", (content) => {
    const file = path.join(folder, "some.jsonl");
    writeFileSync(file, content);
    expect(["not-a-recording", "unknown-format"]).toContain(problemOf(file).code);
  });

  it("is refused where there is no file", () => {
    expect(problemOf(path.join(folder, "nothing")).code).toBe("unreadable-file");
    expect(problemOf(folder).code).toBe("unreadable-file");
  });
});

describe("writing a recording", () => {
  it("keeps every bucket of a live run as it comes, so that a killed run can be read", () => {
    const sink = new FileRecording(folder);
    sink.begin({ ...headerOf(smallPlan()), engine: "live" });
    sink.bucket([...inMemory(1).buckets()][0]!);
    expect([...read(sink.file).buckets()]).toHaveLength(1);
    sink.close();
  });

  it("holds lines of every length and letters of every alphabet, in their order", () => {
    const lengths = [1, 300_000, 20_000, 1_000_000, 3];
    const events = lengths.map((length): RunEvent => {
      const message = "aé€𝄞".repeat(length);
      return { atMs: 0, kind: "warning", code: "sample", message };
    });
    const sink = new FileRecording(folder);
    sink.begin(headerOf(smallPlan()));
    for (const event of events) sink.event(event);
    sink.end({ reason: "completed" });
    expect(read(sink.file).events).toEqual(events);
  });

  // The device exists on Linux; a full disk cannot be had more cheaply.
  it.skipIf(!existsSync("/dev/full"))("says that the disk is full", () => {
    const full = path.join(folder, "full");
    const sink = new FileRecording(full);
    rmSync(sink.file);
    const failing = openOnFullDisk();
    expect(() => record(failing)).toThrow(RecordingFailure);
    expect(() => record(openOnFullDisk())).toThrow(/disk is full/);
    sink.close();
  });

  it("says where it could not write", () => {
    const blocked = path.join(folder, "file");
    writeFileSync(blocked, "");
    expect(() => new FileRecording(path.join(blocked, "run"))).toThrow(/could not be written/);
  });
});

/** The line of a bucket whose first journey has these latencies. */
function withHistogram(latencies: string | null): string {
  const { bucket } = JSON.parse(encodeLine({ bucket: [...inMemory().buckets()][0]! })) as { bucket: object };
  return JSON.stringify({ bucket: { ...bucket, index: 9, journeyLatency: [[0, latencies]] } });
}

/** A recording whose file is the device that is always full. */
function openOnFullDisk(): FileRecording {
  const directory = mkdtempSync(path.join(folder, "disk-"));
  symlink("/dev/full", path.join(directory, "recording.jsonl"));
  return new FileRecording(directory);
}

describe("the run directory", () => {
  const label = (scenario: string, seeds = 1): RunLabel => ({ scenario, engine: "sim", seeds });
  const second = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

  it("is named for the time and the scenario, and never used twice", () => {
    const at = new Date("2026-03-01T10:20:30.456Z");
    expect(path.relative(folder, createRunDirectory(folder, label("bad release!"), at))).toBe(
      path.join(".firebreak", "runs", "20260301-102030-bad-release--sim"),
    );
    expect(createRunDirectory(folder, label("bad release!"), at)).toMatch(/bad-release--sim-2$/);
    expect(createRunDirectory(folder, label("bad release!", 20), at)).toMatch(/bad-release--sim-20-seeds$/);
  });

  it("keeps the last runs and leaves alone what it did not make", () => {
    const runs = path.join(folder, ".firebreak", "runs");
    for (let run = 0; run < KEPT_RUNS + 5; run++) createRunDirectory(folder, label("x"), second(run));
    writeFileSync(path.join(runs, "notes.txt"), "");
    createRunDirectory(folder, label("x"), second(3600));
    const names = readdirSync(runs);
    expect(names).toHaveLength(KEPT_RUNS + 1);
    expect(names).toContain("notes.txt");
    expect(names).toContain("20260101-010000-x-sim");
    expect(names).not.toContain("20260101-000000-x-sim");
  });

  it("keeps few of several seeds, which are so many times larger, and no fewer of the others for that", () => {
    const runs = path.join(folder, ".firebreak", "runs");
    for (let run = 0; run < 5; run++) createRunDirectory(folder, label("x"), second(run));
    for (let run = 5; run < 10; run++) createRunDirectory(folder, label("x", 50), second(run));
    // Its name only looks like one of several seeds.
    createRunDirectory(folder, label("x-3-seeds"), second(10));
    const ofSeeds = readdirSync(runs).filter((name) => name.endsWith("-50-seeds"));
    expect(ofSeeds.map((name) => name.slice(0, 15))).toEqual(["20260101-000007", "20260101-000008", "20260101-000009"]);
    expect(ofSeeds).toHaveLength(KEPT_RUNS_OF_SEEDS);
    expect(readdirSync(runs)).toHaveLength(5 + 3 + 1);
  });

  it("keeps apart what no plan determines", () => {
    const startedAt = new Date("2026-03-01T10:20:30.000Z");
    const endedAt = new Date("2026-03-01T10:20:32.500Z");
    writeRunInfo(folder, {
      command: "firebreak run x",
      startedAt,
      endedAt,
      version: "0.1.0",
      details: { isolation: "process" },
    });
    const info = JSON.parse(readFileSync(path.join(folder, "run.json"), "utf8")) as Record<string, unknown>;
    expect(info).toMatchObject({ wallMs: 2500, firebreak: "0.1.0", node: process.version, isolation: "process" });
  });
});
