import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { BadInput, badArgument } from "../../harness/cli/bad-input.ts";
import { ending, worst } from "../../harness/cli/exit.ts";
import { studyExit, verdictExit } from "../../harness/cli/verdict-exit.ts";
import { AssertionError } from "../../harness/core/assert.ts";
import { EngineFailure } from "../../harness/engine/engine.ts";
import { RecordingFailure } from "../../harness/recording/recording-failure.ts";
import type { Result } from "../../harness/verdict/result.ts";

const problem = {
  code: "unknown-name",
  severity: "error",
  message: "no such service",
  hint: "known: web",
  place: null,
} as const;

test.each([
  [
    "what a user wrote",
    new BadInput([problem]),
    2,
    "error unknown-name: no such service\n      hint: known: web\n\n1 error\n",
  ],
  [
    "what a user typed",
    badArgument("bad-option", "no such reporter"),
    2,
    "error bad-option: no such reporter\n\n1 error\n",
  ],
  ["usage, which was printed already", new CommanderError(1, "commander.unknownOption", "unknown option"), 2, ""],
  ["help, which was asked for", new CommanderError(0, "commander.helpDisplayed", "help"), 0, ""],
  [
    "a fleet that did not start",
    new EngineFailure("fleet-not-started", "web#1 is silent", null),
    3,
    "error fleet-not-started: web#1 is silent\n\n1 error\n",
  ],
  [
    "a fleet whose process said why",
    new EngineFailure("exited-at-once", "web#1 exited with code 9:\nno memory\nnone at all", null),
    3,
    "error exited-at-once: web#1 exited with code 9:\n      no memory\n      none at all\n\n1 error\n",
  ],
  [
    "a fleet that does not fit",
    new EngineFailure("does-not-fit", "too much", null),
    2,
    "error does-not-fit: too much\n\n1 error\n",
  ],
  [
    "a simulator that was bundled, whose failures are of a class of its own",
    Object.assign(new Error("too many requests"), { name: "EngineFailure", code: "over-limit", hint: null }),
    2,
    "error over-limit: too many requests\n\n1 error\n",
  ],
  [
    "a full disk",
    new RecordingFailure("the disk is full", "free some space"),
    3,
    "error not-writable: the disk is full\n      hint: free some space\n\n1 error\n",
  ],
])("%s", (_, error, code, text) => {
  expect(ending(error)).toEqual({ code, text });
});

test.each([new AssertionError("a queue is never negative"), new TypeError("x is undefined"), "a string"])(
  "our own bug ends with 70 and says what to report: %s",
  (error) => {
    const { code, text } = ending(error);
    expect(code).toBe(70);
    expect(text).toContain("This is a bug in Firebreak");
    expect(text).toContain(`node ${process.version}`);
    expect(text).toContain(error instanceof Error ? error.message : error);
  },
);

test("of several scenarios the code that says most remains", () => {
  expect(worst([0, 3, 1, 0])).toBe(1);
  expect(worst([0, 3])).toBe(3);
  expect(worst([1, 4])).toBe(4);
  expect(worst([1, 70, 4])).toBe(70);
  expect(worst([70, 130])).toBe(130);
  expect(worst([])).toBe(0);
});

test("a verdict fails with 1; only verdicts that could not be given end with 3", () => {
  const result = (passed: boolean, ...outcomes: readonly string[]): Result =>
    ({ passed, checks: [], variants: outcomes.map((outcome) => ({ outcome, passed })) }) as unknown as Result;
  expect(verdictExit(result(true, "contained"))).toBe(0);
  expect(verdictExit(result(true, "invalid"))).toBe(0);
  expect(verdictExit(result(false, "escaped", "invalid"))).toBe(1);
  expect(verdictExit(result(false, "invalid", "notExercised"))).toBe(3);
  expect(verdictExit(result(false))).toBe(3);
});

test("what was judged before a bug is worth reporting, and no verdict", () => {
  const result = { passed: true, checks: [], variants: [] } as unknown as Result;
  expect(studyExit({ result, failure: null })).toBe(0);
  expect(studyExit({ result, failure: new EngineFailure("fleet-lost", "gone", null) })).toBe(3);
  expect(studyExit({ result: null, failure: new EngineFailure("over-limit", "too many", null) })).toBe(3);
  expect(studyExit({ result: null, failure: null })).toBe(3);
  expect(studyExit({ result, failure: new RangeError("the queue is shorter than nothing") })).toBe(70);
});
