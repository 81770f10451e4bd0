// What `firebreak check` does: scenarios with their topologies, and topologies by themselves.
import { loadTopology } from "../language/load-topology.ts";
import type { Topology } from "../language/load-topology.ts";
import type { Study } from "../model/plan.ts";
import { inputFiles } from "./input-files.ts";
import { loadOptions, loadSized, refuseErrors } from "./load-studies.ts";
import type { StudyOptions } from "./study-options.ts";

/** A line for each file, where all are sound. Throws BadInput with all problems; warnings are printed to stderr. */
export async function checkFiles(patterns: readonly string[], options: StudyOptions): Promise<string[]> {
  const { scale = 1, compress = 1 } = options;
  const checked = (await inputFiles(patterns)).map((file) => {
    const ofTopology = loadTopology(file, loadOptions(options, { scale, compress }));
    if (ofTopology !== null) return { file, problems: ofTopology.problems, text: topologyText(ofTopology.topology) };
    const { study, problems } = loadSized(file, options);
    return { file, problems, text: scenarioText(study) };
  });
  refuseErrors(checked);
  return checked.map(({ file, text }) => `${file}: ${text}\n`);
}

function topologyText(topology: Topology | null): string {
  if (topology === null) return "";
  const { name, services, instances } = topology;
  return `${name} is sound (a topology of ${counted(services, "service")}, ${counted(instances, "instance")})`;
}

function scenarioText(study: Study | null): string {
  if (study === null) return "";
  const strategies = study.variants.filter(({ plan }) => plan.strategy !== null).length;
  const count = strategies === 1 ? "1 strategy" : `${strategies === 0 ? "no" : strategies} strategies`;
  return `${study.scenario} is sound (${count})`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
