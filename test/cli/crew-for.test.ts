import { expect, test } from "vitest";
import { crewFor } from "../../harness/cli/engines.ts";
import { loadStudy } from "../../harness/language/load-study.ts";
import { planHash } from "../../harness/recording/plan-hash.ts";
import { scheduleOf } from "../../harness/study/schedule.ts";
import { asWritten } from "../language/as-written.ts";

const { signal } = new AbortController();

test("no more processes than the largest study has runs, each of its controls counted", async () => {
  const [larger, smaller] = ["bulkhead", "hedging"].map(
    (name) => loadStudy(`scenarios/mechanisms/${name}.yaml`, asWritten).study!,
  );
  const { runs } = scheduleOf(larger!, true, planHash);
  expect(runs.filter(({ name }) => name.startsWith("_control")).length).toBeGreaterThan(1);
  const crew = await crewFor("sim", [smaller!, larger!], { signal, seeds: 1, workers: 64 });
  expect(crew.size).toBe(runs.length);
  await crew.close();
});
