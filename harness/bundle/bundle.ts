// The sources that run hot or start often, bundled: they start in half the time, and constants that are imported
// from other files are written into the code, which a JavaScript engine does not do across modules. Keyed by a hash of
// everything that it is made of, so a stale one is never used.
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { constantFunctions } from "./constant-functions.ts";

/** By name of the bundled file, without `.js`: the fleet's processes, which share what is the same in them. */
export const FLEET_ENTRIES = {
  "service-process": "mock-services/service-process.ts",
  "load-process": "harness/live/load-process.ts",
  "guard-process": "harness/live/guard-process.ts",
  "timing-worker": "harness/live/timing-worker.ts",
};

/** By itself: whatever it shared with another would be imported again. */
export const SIM_ENTRY = { "sim-engine": "harness/sim/sim-engine.ts" };

/** The processes of a study, which load the simulator. */
export const STUDY_ENTRY = { "run-process": "harness/study/run-process.ts" };

/** The modules of which a simulation does little else than to call functions. */
const HOT = /[\\/]harness[\\/](sim[\\/]flat|core|signals)[\\/][^\\/]*\.ts$/;

/** The folders of `harness` that the entries import from, directly or not. */
export const BUNDLED = [
  "actor",
  "core",
  "engine",
  "faults",
  "live",
  "load",
  "model",
  "policies",
  "recording",
  "response",
  "rollout",
  "schema",
  "service",
  "signals",
  "sim",
  "study",
  "verdict",
  "wire",
];

/** Bundles of other states of the sources: so many are kept, */
const KEPT = 3;
/** and whatever is younger than this: a run that lasts hours starts processes from its own until it ends. */
const YOUNG_MS = 24 * 3_600_000;

/** The folder of the bundle of these sources, built now if it is not there yet. Rejects with the reason why it could not be built. */
export async function bundleFolder(): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  // The compiled package brings its bundle along: `npm pack` puts it beside the compiled form of this file.
  const shipped = join(here, "bundled");
  if (existsSync(join(shipped, "sim-engine.js"))) return shipped;
  const root = join(here, "..", "..");
  const cache = join(root, "node_modules", ".cache", "firebreak");
  const folder = join(cache, `bundle-${hashOfSources(root)}`);
  if (!existsSync(folder)) {
    try {
      await buildInto(root, folder);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${why} (it is written to ${cache})`, { cause: error });
    }
    try {
      sweep(cache, Date.now());
    } catch {
      // The bundle is there all the same; what could not be removed stays.
    }
  }
  return folder;
}

/** Builds beside the place and moves it there whole, so that two harnesses may build at the same time. */
export async function buildInto(root: string, folder: string): Promise<void> {
  const making = `${folder}.${process.pid}.tmp`;
  try {
    await build(root, making);
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

async function build(root: string, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const rolldown = await import("rolldown");
  for (const input of [FLEET_ENTRIES, SIM_ENTRY, STUDY_ENTRY])
    await rolldown.build({
      cwd: root,
      input,
      platform: "node",
      logLevel: "silent",
      plugins: [constantFunctions((path) => HOT.test(path))],
      optimization: { inlineConst: { mode: "all", pass: 3 } },
      output: {
        dir: folder,
        format: "esm",
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        sourcemap: false,
      },
    });
}

/** Every source that may be in the bundle (a test holds this to what the bundler really read), the versions of what it contains, and the Node that compiles it. */
function hashOfSources(root: string): string {
  const hash = createHash("sha256").update(process.version);
  const patterns = [`harness/{${BUNDLED.join()}}/**/*.ts`, "harness/bundle/*.ts", "mock-services/*.ts"];
  const files = globSync([...patterns, "package-lock.json"], { cwd: root }).sort();
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest("hex").slice(0, 16);
}

/** Removes bundles that nobody can be using or building any more. `nowMs`: since 1970, as files are stamped. */
export function sweep(cache: string, nowMs: number): void {
  const folders = globSync("bundle-*", { cwd: cache })
    .map((name) => join(cache, name))
    .map((path) => ({ path, changedMs: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs }))
    .sort((a, b) => b.changedMs - a.changedMs);
  const [begun, whole] = [true, false].map((isBegun) =>
    folders.filter(({ path }) => path.endsWith(".tmp") === isBegun),
  );
  for (const { path, changedMs } of [...begun!, ...whole!.slice(KEPT)])
    if (nowMs - changedMs > YOUNG_MS) rmSync(path, { recursive: true, force: true });
}
