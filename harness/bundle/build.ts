// `npm run prepare`: builds the bundle ahead of the first run. A failure here is told, but does not fail an install: the
// bundle is also built when it is first needed. `npm pack` names a folder to build into, and there a failure counts: the
// package cannot build its own.
import path from "node:path";
import { buildInto, bundleFolder } from "./bundle.ts";

const folder = process.argv[2];
if (folder !== undefined) await buildInto(path.join(import.meta.dirname, "..", ".."), path.resolve(folder));
else {
  try {
    await bundleFolder();
  } catch (error) {
    process.stderr.write(`firebreak: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
