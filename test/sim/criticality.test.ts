// A request's criticality goes along every call that it causes, whatever policies the call has.
import { describe, expect, test } from "vitest";
import type { Result } from "../../harness/verdict/result.ts";
import { firebreak, folderWith } from "../cli/firebreak.ts";

/** `back` serves nobody but the critical, however idle it is. */
const topology = (policies: string): string => `topology: t
services:
  front: { operations: { ask: [ middle ] } }
  middle: { operations: { ask: [ back ] }, calls: { back: ${policies} } }
  back:
    work: 1ms
    admission: { type: utilization, thresholds: { sheddable: 0, sheddablePlus: 0, critical: none } }
`;

const SCENARIO = `scenario: s
topology: fleet.yaml
duration: 10s
journeys: { buy: { start: front.ask }, report: { start: front.ask, priority: sheddable } }
load:
  users: { journey: buy, rate: 50/s }
  nightly: { journey: report, rate: 50/s }
  jobs: { journey: buy, rate: 50/s, priority: sheddablePlus }
`;

describe("a priority", () => {
  test.each([
    ["{}", 1],
    ["{ retry: { maxAttempts: 3, backoff: none } }", 3],
    ["{ hedge: { delay: 0ms, maxAttempts: 2 } }", 2],
  ])("reaches the third service, with a call policy of %s", async (policies, attempts) => {
    const folder = folderWith({ "fleet.yaml": topology(policies), "s.yaml": SCENARIO });
    const { code, stdout, stderr } = await firebreak(folder, "run", "s.yaml", "--out", folder, "--reporter", "json=-");
    expect(code, stderr).toBe(0);
    const { journeys, services } = (JSON.parse(stdout) as Result).control!;
    const { buy, report } = journeys;
    expect(report!.availability).toBe(0);
    // One load of two goes on `buy` as a user, and is served whatever else is refused.
    const ok = services["front"]!.requests * services["front"]!.availability;
    const refused = services["front"]!.requests - ok;
    expect(buy!.requests * (1 - buy!.availability)).toBeCloseTo(refused - report!.requests, 6);
    expect(buy!.availability).toBeGreaterThan(0.4);
    expect(services["back"]!.bad["shed"]).toBe(Math.round(refused) * attempts);
  });
});
