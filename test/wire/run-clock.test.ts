import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { monotonicMs, RunClock } from "../../harness/wire/run-clock.ts";

test("another process reads the same clock", async () => {
  const module = new URL("../../harness/wire/run-clock.ts", import.meta.url).href;
  const before = monotonicMs();
  const script = `import(${JSON.stringify(module)}).then(({ monotonicMs }) => console.log(monotonicMs()))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script]);
  const after = monotonicMs();
  expect(Number(stdout)).toBeGreaterThan(before);
  expect(Number(stdout)).toBeLessThan(after);
});

test("it is the system's monotonic clock to a few microseconds", () => {
  const differences = Array.from({ length: 50 }, () => Math.abs(Number(process.hrtime.bigint()) / 1e6 - monotonicMs()));
  expect(Math.min(...differences)).toBeLessThan(0.05);
});

test("run time counts from the origin and is negative before it", () => {
  const clock = new RunClock(monotonicMs() + 1_000);
  expect(clock.nowMs()).toBeLessThan(0);
  expect(clock.nowMs()).toBeGreaterThanOrEqual(-1_000);
});
