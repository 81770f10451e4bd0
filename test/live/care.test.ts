// Start-up work and probes, on real processes.
import { expect, test } from "vitest";
import { lifePlan, probePlan } from "../service/life-plan.ts";
import { COLUMNS, runLive, total } from "./run-live.ts";
import { constant, fault, toCall, twoTiers, work } from "./small-plan.ts";

const { EDGE, SERVICE } = COLUMNS;

test("an instance that starts again does its start-up work and is ready when its probe says so", async () => {
  const base = twoTiers({ endMs: 3000, timeline: [fault(300, null, "crash", {}, 0)] }, 20);
  const probes = { startup: null, liveness: null, readiness: probePlan({ periodMs: 100, timeoutMs: 90 }) };
  const startupWork = { steps: [toCall(0, 9), work(constant(20), 8), toCall(0, 7)] };
  const plan = {
    ...base,
    services: base.services.map((service, index) =>
      index > 0
        ? service
        : {
            ...service,
            variants: service.variants.map((variant) => ({ ...variant, life: lifePlan({ probes, startupWork }) })),
          },
    ),
  };
  const { recording } = await runLive(plan, { isolation: "process" });
  const states = recording.events.flatMap((event) => (event.kind === "instance" ? [event.state] : []));
  expect(states.slice(0, 3)).toEqual(["crashed", "starting", "ready"]);
  // Every request makes one call, and the start-up two.
  const requests = total(recording, "services", 0, SERVICE.arrived);
  expect(total(recording, "edges", 1, EDGE.calls)).toBe(requests + 2);
});

test("an instance that stands still fails its liveness probe, is killed and started again", async () => {
  const base = twoTiers({ endMs: 3000, timeline: [fault(300, null, "pause", {}, 1)] }, 20);
  const probes = { startup: null, readiness: null, liveness: probePlan({ periodMs: 100, timeoutMs: 90 }) };
  const plan = {
    ...base,
    services: base.services.map((service, index) =>
      index === 0
        ? service
        : {
            ...service,
            variants: service.variants.map((variant) => ({
              ...variant,
              terminationGraceMs: 200,
              life: lifePlan({ probes }),
            })),
          },
    ),
  };
  const { recording } = await runLive(plan, { isolation: "process" });
  const states = recording.events.flatMap((event) => (event.kind === "instance" ? [event.state] : []));
  expect(states.slice(0, 4)).toEqual(["paused", "unhealthy", "stopped", "starting"]);
});
