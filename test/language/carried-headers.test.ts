import { expect, test } from "vitest";
import type { Plan } from "../../harness/model/plan.ts";
import type { FaultScope } from "../../harness/model/release-plan.ts";
import { load, variantsOf } from "./temporary-files.ts";

interface Written {
  readonly acme?: string;
  readonly both?: string;
  readonly requests?: string;
}

const filesOf = ({ acme, both, requests }: Written): Record<string, string> => ({
  "scenario.yaml": [
    "scenario: s",
    "topology: fleet.yaml",
    "duration: 10m",
    "journeys: { j: { start: web.buy } }",
    "load:",
    `  acme: { journey: j, rate: 10/s, headers: ${acme ?? "{ X-Tenant: acme }"} }`,
    `  both: { journey: j, rate: 10/s, headers: ${both ?? "{ x-canary: true, x-tenant: other }"} }`,
    "  none: { journey: j, rate: 10/s }",
    "timeline:",
    `  - { at: 1m, fault: { kind: error, on: web, requests: ${requests ?? "{ first: 5 }"} } }`,
    "",
  ].join("\n"),
  "fleet.yaml": "topology: t\nservices: { web: { operations: { buy: [ 1ms ] } } }\n",
});

function planOf(written: Written): Plan {
  return variantsOf(filesOf(written))[0]!.plan;
}

function scopeOf(requests: string): FaultScope {
  const [event] = planOf({ requests }).timeline;
  if (event?.do !== "fault") throw new Error("the timeline has a fault");
  return event.fault.scope;
}

function problemsOf(written: Written): (readonly [code: string, message: string])[] {
  return load(filesOf(written)).problems.map(({ code, message }) => [code, message]);
}

test("each header that a load sends has a bit, its name in lower case", () => {
  const { headers, loads } = planOf({});
  expect(headers).toEqual([
    { name: "x-tenant", value: "acme" },
    { name: "x-canary", value: "true" },
    { name: "x-tenant", value: "other" },
  ]);
  expect(loads.map((each) => each.headers)).toEqual([1, 6, undefined]);
});

test("a fault asks for all that it names, and may count those requests", () => {
  expect(scopeOf("{ header: { x-tenant: other, X-Canary: true } }")).toMatchObject({ headers: 6 });
  expect(scopeOf("{ header: { x-tenant: acme }, every: 3 }")).toMatchObject({ headers: 1, requests: { every: 3 } });
  expect(scopeOf("{ first: 3 }").headers).toBeUndefined();
});

test("a header that no load sends is a mistake", () => {
  expect(problemsOf({ requests: "{ header: { X-Tenant: nobody } }" })).toEqual([
    ["no-effect", "no load sends the header `X-Tenant: nobody`"],
  ]);
  expect(problemsOf({ requests: "{ header: {} }" })).toEqual([
    ["missing-key", "`first`, `every` or `header` is missing"],
  ]);
});

test("what HTTP or the engines say in headers is not for loads to say", () => {
  expect(problemsOf({ acme: "{ Host: a, firebreak-user: 1, content-length: 4, x-a: 1, X-A: 2, a b: c }" })).toEqual([
    ["bad-name", "the header `Host` is not for scenarios to say"],
    ["bad-name", "the header `firebreak-user` is not for scenarios to say"],
    ["bad-name", "the header `content-length` is not for scenarios to say"],
    ["bad-name", "the header `X-A` is there in another spelling"],
    ["bad-name", '"a b" is not the name of a header'],
  ]);
  const codes = problemsOf({ acme: '{ x-a: "", x-b: "a\\r\\nhost: b" }' }).map(([code]) => code);
  expect(codes).toEqual(["bad-value", "bad-value"]);
});

test("there are as many headers as bits", () => {
  const many = (count: number): string =>
    `{ ${Array.from({ length: count }, (_, index) => `x-${index}: 1`).join(", ")} }`;
  expect(planOf({ both: many(30) }).headers).toHaveLength(31);
  expect(problemsOf({ both: many(31) }).map(([code]) => code)).toEqual(["over-limit"]);
});
