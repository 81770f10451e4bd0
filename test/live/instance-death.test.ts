// An instance that dies by itself, on real processes.
import { expect, test } from "vitest";
import { CONNECTION_RESET } from "../../harness/model/outcome.ts";
import { lifePlan } from "../service/life-plan.ts";
import { COLUMNS, runLive, total } from "./run-live.ts";
import { constant, oneTier, variant, work } from "./small-plan.ts";

const { SERVICE } = COLUMNS;

test("a service that runs out of memory is killed with what it held, and started again", async () => {
  // A hundred requests a second that take a second each: the 21st is too many for the memory.
  const memory = { limitBytes: 20, baseBytes: 0, perRequestBytes: 1, leakBytesPerMs: 0 };
  const pool = { model: "threads", concurrency: null, queueCapacity: null } as const;
  const plan = oneTier(variant([work(constant(1000))], { pool, life: lifePlan({ memory }) }), 100, { endMs: 2000 });
  for (const isolation of ["inline", "process"] as const) {
    const { recording } = await runLive(plan, { isolation });
    const deaths = total(recording, "services", 0, SERVICE.crashes);
    expect(deaths).toBeGreaterThanOrEqual(1);
    expect(total(recording, "services", 0, SERVICE.outOfMemory)).toBe(deaths);
    expect(total(recording, "services", 0, SERVICE.outcome + CONNECTION_RESET)).toBeGreaterThanOrEqual(21 * deaths);
    const states = recording.events.flatMap((event) => (event.kind === "instance" ? [event.state] : []));
    expect(states.slice(0, 3)).toEqual(["crashed", "starting", "ready"]);
    expect(recording.events.filter((event) => event.kind === "warning" && event.code === "fleet-lost")).toEqual([]);
  }
});
