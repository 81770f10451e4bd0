// Where the recordings of a study go: a folder of its own among the last runs, or what `--out` names.
import path from "node:path";
import type { Study } from "../model/plan.ts";
import { createRunDirectory } from "../recording/run-directory.ts";

/** `--out` names the folder of one study itself, and the folder of the folders of several. Throws RecordingFailure. */
export function runDirectory(
  study: Study,
  studies: readonly Study[],
  seeds: number,
  { out, engine }: { readonly out?: string; readonly engine: "sim" | "live" },
): string {
  const { scenario } = study;
  if (out === undefined) return createRunDirectory(".", { scenario, engine, seeds }, new Date());
  const namesakes = studies.slice(0, studies.indexOf(study)).filter((other) => other.scenario === scenario).length;
  return studies.length === 1 ? out : path.join(out, namesakes === 0 ? scenario : `${scenario}-${namesakes + 1}`);
}
