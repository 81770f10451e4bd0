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
  if (out === undefined) {
    const label = `${study.scenario}-${engine}`;
    return createRunDirectory(".", seeds === 1 ? label : `${label}-${seeds}-seeds`, new Date());
  }
  const namesakes = studies
    .slice(0, studies.indexOf(study))
    .filter(({ scenario }) => scenario === study.scenario).length;
  return studies.length === 1
    ? out
    : path.join(out, namesakes === 0 ? study.scenario : `${study.scenario}-${namesakes + 1}`);
}
