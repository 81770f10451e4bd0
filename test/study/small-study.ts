// The small scenario of the command line's tests as a study, at as many seeds as a test wants.
import path from "node:path";
import { loadStudy } from "../../harness/language/load-study.ts";
import type { Study } from "../../harness/model/plan.ts";
import { reseeded } from "../../harness/study/seeded-study.ts";
import type { SeededStudy } from "../../harness/study/seeded-study.ts";
import { folderWith } from "../cli/firebreak.ts";
import { TOPOLOGY, scenario } from "../cli/small-scenario.ts";

export function smallStudy(seed: number | null = null, duration = "2m"): Study {
  const folder = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario({ duration }) });
  const options = { vars: {}, seed, strategies: null, engine: "sim", size: null, strict: false } as const;
  return loadStudy(path.join(folder, "scenario.yaml"), options).study!;
}

/** Kept in `directory`, where one is named. */
export function atSeeds(study: Study, seeds: readonly number[], directory: string | null = null): SeededStudy[] {
  return seeds.map((seed) => ({
    study: reseeded(study, seed),
    directory: directory === null ? null : path.join(directory, `seed-${seed}`),
  }));
}
