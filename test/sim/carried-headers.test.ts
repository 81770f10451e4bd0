// What a load's requests carry goes along every call that they cause, whatever policies the call has.
import { describe, expect, test } from "vitest";
import type { Result } from "../../harness/verdict/result.ts";
import { firebreak, folderWith } from "../cli/firebreak.ts";

const topology = (policies: string): string => `topology: t
services:
  front: { operations: { ask: [ middle ], look: [ middle ] } }
  middle: { operations: { ask: [ back ] }, calls: { back: ${policies} } }
  back: { work: 1ms }
`;

/** The last service fails whoever carries the header, at its door or on the way to it or back. */
const scenario = (fault: string): string => `scenario: s
topology: fleet.yaml
duration: 10s
journeys: { ask: { start: front.ask }, look: { start: front.look } }
load:
  acme: { journey: ask, rate: 50/s, headers: { x-tenant: acme, x-canary: true } }
  others: { journey: look, rate: 50/s, headers: { x-tenant: other, x-canary: true } }
timeline:
  - { at: 0s, background: true, fault: { kind: error, ${fault}, requests: { header: { x-tenant: acme, x-canary: true } } } }
`;

describe("a header", () => {
  test.each([
    ["on: back", "{}", 1],
    ["on: back", "{ retry: { maxAttempts: 3, backoff: none } }", 3],
    ["on: back", "{ hedge: { delay: 0ms, maxAttempts: 2 } }", 2],
    ["on: back, direction: response", "{}", 1],
    ["on: middle -> back", "{ retry: { maxAttempts: 3, backoff: none } }", 3],
    ["on: middle -> back, direction: response", "{}", 1],
  ])(
    "reaches the third service, where a fault is `%s`, with a call policy of %s",
    async (fault, policies, attempts) => {
      const folder = folderWith({ "fleet.yaml": topology(policies), "s.yaml": scenario(fault) });
      const { code, stdout, stderr } = await firebreak(
        folder,
        "run",
        "s.yaml",
        "--out",
        folder,
        "--reporter",
        "json=-",
      );
      expect(code, stderr).toBe(0);
      const { journeys, calls } = (JSON.parse(stdout) as Result).control!;
      const { ask, look } = journeys;
      expect(ask!.requests).toBeGreaterThan(300);
      expect([ask!.availability, look!.availability]).toEqual([0, 1]);
      const isHedged = policies.includes("hedge");
      expect(calls["middle -> back"]!.attempts).toBe(ask!.requests * attempts + look!.requests * (isHedged ? 2 : 1));
    },
  );
});
