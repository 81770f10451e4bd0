// `npm run prepare`: builds the fleet's bundle ahead of the first live run. A failure here is told, but does not
// fail an install: the bundle is also built when it is first needed.
import { fleetBundle } from "./fleet-bundle.ts";

try {
  await fleetBundle();
} catch (error) {
  process.stderr.write(`firebreak: ${error instanceof Error ? error.message : String(error)}\n`);
}
