// Which endpoint an attempt goes to, and over which connection, is decided on real processes as in virtual time: by the
// machines in the calling process, told of answers that came over the wire.
import { expect, test } from "vitest";
import type { Plan } from "../../harness/model/plan.ts";
import type { FaultPlan } from "../../harness/model/release-plan.ts";
import { ERROR } from "../../harness/model/outcome.ts";
import { COLUMNS, runLive, total } from "./run-live.ts";
import { call, service, toCall, twoTiers, variant, constant, work } from "./small-plan.ts";

const { EDGE, JOURNEY } = COLUMNS;
const BACK = 1;

test("an instance that fails three times in a row is asked no more, and connections are opened once and kept", async () => {
  const outlierDetection = {
    consecutive5xx: 3,
    consecutiveGatewayFailure: null,
    intervalMs: 60_000,
    baseEjectionTimeMs: 60_000,
    maxEjectionTimeMs: 60_000,
    maxEjectionRatio: 0.5,
    alwaysEjectOne: true,
    successRate: null,
    failurePercentage: null,
    panicThreshold: 0.5,
  };
  const connectionPool = { max: 4, acquireTimeoutMs: null, connectLatencyMs: 3, idleTimeoutMs: null };
  const front = variant([work(constant(1)), toCall(0)], {
    calls: [call(1, BACK, { outlierDetection, connectionPool })],
  });
  const on: FaultPlan["scope"]["on"] = { type: "instance", service: BACK, ordinal: 0 };
  const scope = { on, variant: null, zone: null, share: 1, instances: null };
  const changes: Partial<Plan> = {
    endMs: 4_000,
    services: [service("front", 1, front), service("back", 2, variant([work(constant(2))]))],
    timeline: [
      {
        do: "fault",
        atMs: 1_000,
        forMs: null,
        background: false,
        fault: { kind: "error", attributes: { status: 500 }, scope },
      },
    ],
  };
  const plan = twoTiers(changes, 20);
  const { recording } = await runLive(plan, { isolation: "inline" });
  // The three, and those who were out to it when the third came back: its share of the sixty would be thirty.
  const failed = total(recording, "journeys", 0, JOURNEY.outcome + ERROR);
  expect(failed).toBeGreaterThanOrEqual(3);
  expect(failed).toBeLessThan(15);
  expect(total(recording, "edges", 1, EDGE.ejections)).toBe(1);
  // At least one to each of the two, and never more than there may be, for some sixty requests.
  const connects = total(recording, "edges", 1, EDGE.connects);
  expect(connects).toBeGreaterThanOrEqual(2);
  expect(connects).toBeLessThanOrEqual(8);
  // A second of the four has passed before the fault, in which nobody was ejected.
  const ejectedMs = total(recording, "edges", 1, EDGE.ejectedMs);
  expect(ejectedMs).toBeGreaterThan(0);
  expect(ejectedMs).toBeLessThanOrEqual(3_000);
});
