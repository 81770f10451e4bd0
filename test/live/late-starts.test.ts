import { expect, test } from "vitest";
import { LateStarts } from "../../harness/live/late-starts.ts";
import type { RunEvent } from "../../harness/recording/event.ts";
import { smallPlan } from "../engine/small-plan.ts";

type State = Extract<RunEvent, { kind: "instance" }>["state"];

/** Instances of a service whose start-up takes five seconds, all started at 1 s and ready so much later. */
function starts(readyMs: readonly number[]): LateStarts {
  const plan = smallPlan({ startupMs: 5000, timeline: [] });
  const late = new LateStarts(plan);
  const { name: service, variants } = plan.services[0]!;
  const saw = (atMs: number, instance: string, state: State): void =>
    late.saw({ atMs, kind: "instance", instance, service, version: variants[0]!.version, zone: "z0", state });
  readyMs.forEach((ms, ordinal) => {
    saw(1000, `${service}#${ordinal}`, "starting");
    saw(1000 + ms, `${service}#${ordinal}`, "ready");
  });
  return late;
}

test("an instance that is ready when its start-up time is over, or a little later, is not late", () => {
  expect(starts([5000, 5200]).text()).toBeNull();
});

test("late ones are one sentence with the latest of them", () => {
  expect(starts([5300]).text()).toBe("a start took longer than the plan's start-up time, 300 ms at the most (shop#0)");
  expect(starts([5900, 5000, 6500, 6000]).text()).toBe(
    "3 starts took longer than the plan's start-up time, 1500 ms at the most (shop#2)",
  );
});

test("one that was only out of the rotation for a while did not start", () => {
  const plan = smallPlan({ startupMs: 5000, timeline: [] });
  const late = new LateStarts(plan);
  const event = { kind: "instance", instance: "shop#0", service: "shop", version: "stable", zone: "z0" } as const;
  late.saw({ ...event, atMs: 1000, state: "unready" });
  late.saw({ ...event, atMs: 90_000, state: "ready" });
  expect(late.text()).toBeNull();
});
