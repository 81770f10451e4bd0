// The fleet by itself, each instance a host of its own within this process.
import { expect, onTestFinished, test } from "vitest";
import { Fleet } from "../../harness/live/fleet.ts";
import { inlineHost } from "../../harness/live/host-process.ts";
import type { InstanceRef } from "../../harness/model/route.ts";
import { monotonicMs } from "../../harness/wire/run-clock.ts";
import { oneTier, variant } from "./small-plan.ts";

const instance = (id: number): InstanceRef => ({ id, generation: 0, service: 0, variant: 0, zone: 0 });

test("an instance that is stopped before its port is open ends at once, and was never up", async () => {
  const up: number[] = [];
  const gone = Promise.withResolvers<readonly [number, string]>();
  const fleet = new Fleet({
    plan: oneTier(variant([]), 1),
    isolation: "process",
    launch: inlineHost,
    onUp: ({ id }) => up.push(id),
    onGone: ({ id }, how) => gone.resolve([id, how]),
    onReport: () => {},
    onJoin: () => {},
    onLeave: () => {},
    onErrandDone: () => {},
    onLost: (message) => gone.reject(new Error(message)),
  });
  onTestFinished(() => fleet.destroy());
  fleet.start(instance(0), true);
  await fleet.listening(5_000, new AbortController().signal);
  fleet.begin(monotonicMs(), 0);
  fleet.start(instance(1), false);
  fleet.stop(instance(1));
  expect(await gone.promise).toEqual([1, "stopped"]);
  expect(up).toEqual([]);
}, 5_000);
