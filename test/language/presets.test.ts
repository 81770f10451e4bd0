// Presets: the libraries' defaults beneath what is written. `vitest run test/language/presets.test.ts -u` writes
// docs/presets.md again.
import { describe, expect, test } from "vitest";
import type { CallPlan } from "../../harness/model/call-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import {
  CALL_PRESET_NAMES,
  CALL_PRESETS,
  type Piece,
  type Preset,
  SERVICE_PRESETS,
} from "../../harness/language/presets.ts";
import { load, variantsOf } from "./temporary-files.ts";

const SCENARIO = `scenario: s
topology: fleet.yaml
duration: 10m
journeys: { j: { start: web.buy } }
load: { users: { journey: j, rate: 10/s, calls: { web: { attemptTimeout: none } } } }
`;

/** A topology in which `web` calls `db`; `call` is the entry, `defaults` stands at the top. */
const topology = (call: string, defaults = "", service = ""): string => `topology: t
${defaults}
services:
  web: { ${service} operations: { buy: [ 1ms, db ] }, calls: { ${call === "" ? "" : `db: ${call}`} } }
  db: { work: 2ms }
`;

function planOf(fleet: string, scenario = SCENARIO): Plan {
  return variantsOf({ "scenario.yaml": scenario, "fleet.yaml": fleet })[0]!.plan;
}

function callOf(fleet: string): CallPlan {
  return planOf(fleet).services.find(({ name }) => name === "web")!.variants[0]!.calls[0]!;
}

describe("a preset of a call", () => {
  test.each(CALL_PRESET_NAMES)("%s is sound by itself, and with every part that it knows", (name) => {
    const parts = Object.keys(CALL_PRESETS[name].parts).map((key) => `, ${key}: {}`);
    for (const call of [`{ preset: ${name} }`, `{ preset: ${name}${parts.join("")} }`]) {
      const { problems } = load({ "scenario.yaml": SCENARIO, "fleet.yaml": topology(call) });
      expect(problems).toEqual([]);
    }
  });

  test("brings what the library does unless told otherwise", () => {
    const plan = callOf(topology("{ preset: hystrix }"));
    expect(plan).toMatchObject({
      timeoutMs: null,
      attemptTimeoutMs: 1000,
      retry: null,
      bulkhead: { maxConcurrentCalls: 10, maxWaitMs: 0 },
      circuitBreaker: { failureRateThreshold: 0.5, slidingWindow: { type: "time", sizeMs: 10_000 } },
    });
  });

  test("leaves off what the library leaves off, until it is written", () => {
    expect(callOf(topology("{ preset: resilience4j }"))).toMatchObject({ retry: null, circuitBreaker: null });
    const { circuitBreaker, retry } = callOf(topology("{ preset: resilience4j, circuitBreaker: {}, retry: {} }"));
    expect(circuitBreaker).toMatchObject({ minimumNumberOfCalls: 100, waitDurationInOpenStateMs: 60_000 });
    expect(retry).toMatchObject({ maxAttempts: 3, backoff: { initialMs: 500, maxMs: 500, jitter: "none" } });
  });

  test("stands beneath everything that is written, however near", () => {
    const call = "{ preset: aws-sdk, retry: { maxAttempts: 5, budget: { type: tokens } } }";
    expect(callOf(topology(call)).retry).toMatchObject({
      maxAttempts: 5,
      backoff: { maxMs: 20_000 },
      budget: { type: "tokens", maxTokens: 10 },
    });
    const defaults = "defaults: { call: { attemptTimeout: 7s } }";
    expect(callOf(topology("{ preset: hystrix }", defaults)).attemptTimeoutMs).toBe(7000);
    expect(callOf(topology("{ preset: envoy, limits: none }")).limits).toBeUndefined();
  });

  test("holds for all calls where it is a default, those without an entry among them", () => {
    const defaults = "defaults: { call: { preset: envoy } }";
    for (const call of ["", "{ retry: {} }"]) {
      expect(callOf(topology(call, defaults))).toMatchObject({ timeoutMs: 15_000, limits: { maxRetries: 3 } });
    }
    expect(callOf(topology("{ retry: {} }", defaults)).retry).toMatchObject({ maxAttempts: 2 });
  });

  test("that there is not is refused where it stands", () => {
    const { problems } = load({ "scenario.yaml": SCENARIO, "fleet.yaml": topology("{ preset: hystrics }") });
    expect(problems).toMatchObject([{ code: "bad-value", hint: "did you mean `hystrix`?" }]);
  });
});

test("the preset of a service brings its platform's", () => {
  const web = planOf(topology("", "", "preset: k8s,")).services.find(({ name }) => name === "web")!;
  expect(web.variants[0]!.terminationGraceMs).toBe(30_000);
  expect(JSON.stringify(web.variants[0])).toContain("300000");
});

test("probes and an autoscaler are Kubernetes' where they are asked for, each by itself", () => {
  const written = "preset: k8s, probes: { readiness: { failureThreshold: 7 } }, autoscaling: { max: 9 },";
  const web = planOf(topology("", "", written)).services.find(({ name }) => name === "web")!;
  expect(web.variants[0]!.life!.probes).toMatchObject({
    readiness: { periodMs: 10_000, timeoutMs: 1000, failureThreshold: 7 },
    liveness: null,
    startup: null,
  });
  expect(web.autoscaling).toMatchObject({ target: 0.8, min: 1, max: 9, syncPeriodMs: 15_000 });
});

test("docs/presets.md is the table", async () => {
  await expect(page()).toMatchFileSnapshot("../../docs/presets.md");
});

function page(): string {
  const chapters = [
    ["Calls: `preset` under an entry of `calls`", CALL_PRESETS],
    ["Services: `preset` under a service", SERVICE_PRESETS],
  ] as const;
  return `# Presets

Written from \`harness/language/presets.ts\`; \`vitest run test/language/presets.test.ts -u\` writes it again. A preset has its
library's own defaults, which hold where nothing else is written: an entry that inherits from \`defaults\` or from its
callee's entry keeps what it inherits. *Always* is what the library does unless told otherwise; a part that stands under
*once written* is off until the entry has it, if only as \`{}\`. What a library has and Firebreak has not is left out.

${chapters.map(([title, presets]) => `## ${title}\n\n${Object.entries(presets).map(chapter).join("\n")}`).join("\n")}`;
}

function chapter([name, { about, source, always, parts }]: [string, Preset]): string {
  const rows = [...rowsOf(always, "always"), ...rowsOf(parts, "once written")];
  const table = ["| key | value | |", "|---|---|---|", ...rows].join("\n");
  return `### ${name}\n\n${about}\n\n${table}\n\nSource: ${source}.\n`;
}

function rowsOf(piece: Piece, when: string, prefix = ""): string[] {
  return Object.entries(piece).flatMap(([key, value]) => {
    const at = prefix === "" ? key : `${prefix}.${key}`;
    if (typeof value === "object" && !Array.isArray(value)) return rowsOf(value as Piece, when, at);
    return [`| \`${at}\` | ${Array.isArray(value) ? `\`[${value.join(", ")}]\`` : `\`${String(value)}\``} | ${when} |`];
  });
}
