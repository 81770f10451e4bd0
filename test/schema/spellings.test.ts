import { describe, expect, test } from "vitest";
import * as z from "zod";
import { amount } from "../../harness/schema/amount.ts";
import { orNone, orUnlimited } from "../../harness/schema/absent.ts";
import { atPace } from "../../harness/schema/at-pace.ts";
import { count } from "../../harness/schema/count.ts";
import { distribution } from "../../harness/schema/distribution.ts";
import { duration } from "../../harness/schema/duration.ts";
import { later } from "../../harness/schema/later.ts";
import { name } from "../../harness/schema/name.ts";
import { factor, ratio } from "../../harness/schema/ratio.ts";
import { rate } from "../../harness/schema/rate.ts";
import { size } from "../../harness/schema/size.ts";

describe("a time", () => {
  test.each([
    ["10us", 0.01],
    ["250ms", 250],
    ["0.5s", 500],
    ["3m", 180_000],
    ["2h", 7_200_000],
  ])("%s is %d ms", (text, ms) => expect(duration("request").parse(text)).toBe(ms));

  test("without its unit is refused with a hint that names the unit", () => {
    const issue = duration("request").safeParse(250).error!.issues[0]!;
    expect(issue).toMatchObject({
      message: "250 is not a time",
      params: { code: "bad-time", hint: "a time needs its unit: `250ms` or `250s`" },
    });
  });

  test.each(["-5s", "5 s", "5", "1m30s", "", "s", "1e3ms", "NaNms", true, null, {}, []])(
    "%j is refused",
    (value) => expect(duration("request").safeParse(value).success).toBe(false),
  );
});

describe("compress", () => {
  const schema = z.object({
    pause: duration("control"),
    timeout: duration("request"),
    startup: distribution("control"),
    work: distribution("request"),
  });
  const parsed = schema.parse({
    pause: "60s",
    timeout: "60s",
    startup: { p50: "10s", p99: "20s" },
    work: { mean: "10ms", shape: "exponential" },
  });

  test("divides control time and leaves request time alone", () => {
    expect(atPace(parsed, 10)).toEqual({
      pause: 6000,
      timeout: 60_000,
      startup: { kind: "lognormal", p50Ms: 1000, p99Ms: 2000 },
      work: { kind: "exponential", meanMs: 10 },
    });
  });

  test.each([
    ["20s", { kind: "constant", ms: 2000 }],
    [
      { mean: "20s", shape: "exponential" },
      { kind: "exponential", meanMs: 2000 },
    ],
    [
      { mean: "20s", shape: "erlang", k: 3 },
      { kind: "erlang", meanMs: 2000, k: 3 },
    ],
    [
      { mean: "20s", shape: "pareto", alpha: 2.2 },
      { kind: "pareto", meanMs: 2000, alpha: 2.2 },
    ],
    [{ uniform: ["10s", "20s"] }, { kind: "uniform", fromMs: 1000, toMs: 2000 }],
    [{ samples: ["10s", "20s"] }, { kind: "samples", samplesMs: [1000, 2000] }],
  ])("divides every form of a control distribution: %j", (form, paced) => {
    expect(atPace(distribution("control").parse(form), 10)).toEqual(paced);
  });
});

describe("a distribution", () => {
  test.each([
    { p50: "20ms", p99: "10ms" },
    { p50: "0ms", p99: "10ms" },
    { mean: "10ms", shape: "pareto", alpha: 1 },
    { mean: "10ms", shape: "erlang", k: 0 },
    { uniform: ["8ms", "2ms"] },
    { samples: [] },
    { mean: "10ms" },
    { p50: "10ms" },
  ])("%j is refused", (form) =>
    expect(distribution("request").safeParse(form).success).toBe(false),
  );
});

describe("numbers", () => {
  test.each([
    [ratio(), "99.9%", 0.999],
    [ratio(), 0.25, 0.25],
    [factor(), "120%", 1.2],
    [rate(), "300/s", 300],
    [rate(), "30/m", 0.5],
    [rate(), "36/h", 0.01],
    [size(), "512MiB", 512 * 1024 * 1024],
    [count(), 3, 3],
    [amount(), 2, { count: 2 }],
    [amount(), "25%", { ratio: 0.25 }],
    [orUnlimited(count()), "unlimited", null],
    [orUnlimited(count()), 5, 5],
    [orNone(duration("request")), "none", null],
    [orNone(duration("request")), "1s", 1000],
    [name(), "buy-now_2", "buy-now_2"],
  ])("%#: is read", (schema, text, value) =>
    expect((schema as z.ZodType).parse(text)).toEqual(value),
  );

  test.each([
    [ratio(), "101%"],
    [ratio(), 1.5],
    [ratio(), -0.1],
    [rate(), 300],
    [rate(), "300"],
    [size(), 512],
    [count(), 1.5],
    [count(), -1],
    [count(1), 0],
    [count(), Number.NaN],
    [amount(), 0.25],
    [name(), "a.b"],
    [name(), "a -> b"],
    [name(), ""],
  ])("%#: is refused", (schema, text) =>
    expect((schema as z.ZodType).safeParse(text).success).toBe(false),
  );

  test("a percentage without its sign gets a hint", () =>
    expect(ratio().safeParse(25).error!.issues[0]).toMatchObject({
      params: { hint: "did you mean `25%`?" },
    }));
});

test("what comes later is absent without complaint, and refused by name when present", () => {
  const schema = z.strictObject({ cache: later("caches", z.strictObject({ capacity: count() })) });
  expect(schema.safeParse({}).success).toBe(true);
  const { issues } = schema.safeParse({ cache: { capacity: 3 } }).error!;
  expect(issues).toMatchObject([
    {
      path: ["cache"],
      message: "caches are not supported yet",
      params: { code: "not-supported-yet" },
    },
  ]);
});
