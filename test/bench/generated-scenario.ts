// Writes an isotope topology as a topology and a scenario of ours, with the variables that every workload has.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { convertIsotope, ENTRY_TIMEOUT } from "./isotope.ts";
import type { Isotope } from "./isotope.ts";

/** Returns the scenario's file. */
export function generateScenario(folder: string, name: string, document: Isotope): string {
  const { topology, entry } = convertIsotope(document, name);
  writeFileSync(join(folder, `${name}-topology.yaml`), topology);
  const file = join(folder, `${name}.yaml`);
  writeFileSync(
    file,
    `scenario: ${name}
topology: ${name}-topology.yaml
vars: { rate: 560/s, duration: 10s }
duration: $(duration)
journeys: { page: { start: ${entry} } }
load: { visitors: { journey: page, rate: $(rate), calls: { ${entry}: { attemptTimeout: ${ENTRY_TIMEOUT} } } } }
`,
  );
  return file;
}
