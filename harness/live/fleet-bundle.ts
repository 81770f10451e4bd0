// The fleet's executable code: one bundle with a warm compile cache, which starts in half the time and CPU of the
// sources. Keyed by a hash of everything that it is made of, so a stale one is never started.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { EngineFailure } from "../engine/engine.ts";

/** Absolute paths. */
export interface FleetBundle {
  readonly service: string;
  readonly load: string;
  readonly guard: string;
  readonly compileCache: string;
}

export const ENTRIES = {
  "service-process": "mock-services/service-process.ts",
  "load-process": "harness/live/load-process.ts",
  "guard-process": "harness/live/guard-process.ts",
  "timing-worker": "harness/live/timing-worker.ts",
};

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
  "schema",
  "service",
  "signals",
  "wire",
];

/** Bundles of other states of the sources that are kept: another run may still be starting processes from them. */
const KEPT = 3;

/** The bundle of these sources, built now if it is not there yet. Rejects with `fleet-not-started`. */
export async function fleetBundle(): Promise<FleetBundle> {
  const here = dirname(fileURLToPath(import.meta.url));
  // The compiled package brings its bundle along: `npm pack` puts it beside the compiled form of this file.
  const shipped = join(here, "fleet-bundle");
  if (existsSync(join(shipped, "service-process.js"))) return warmed(filesOf(shipped));
  const root = join(here, "..", "..");
  const cache = join(root, "node_modules", ".cache", "firebreak");
  const folder = join(cache, `fleet-${hashOfSources(root)}`);
  if (!existsSync(folder)) {
    try {
      await buildInto(root, folder);
      sweep(cache);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new EngineFailure(
        "fleet-not-started",
        `the fleet's bundle could not be built: ${why}`,
        `build it by hand with \`npm run prepare\`; it is written to ${cache}`,
      );
    }
  }
  return warmed(filesOf(folder));
}

/** Builds beside the place and moves it there whole, so that two harnesses may build at the same time. */
export async function buildInto(root: string, folder: string): Promise<void> {
  const making = `${folder}.${process.pid}.tmp`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const { build } = await import("rolldown");
  await build({
    cwd: root,
    input: ENTRIES,
    platform: "node",
    logLevel: "silent",
    output: {
      dir: making,
      format: "esm",
      entryFileNames: "[name].js",
      chunkFileNames: "[name]-[hash].js",
      sourcemap: false,
    },
  });
  try {
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Every source that may be in the bundle (a test holds this to what the bundler really read), the versions of what it contains, and the Node that compiles it. */
function hashOfSources(root: string): string {
  const hash = createHash("sha256").update(process.version);
  const files = globSync([`harness/{${BUNDLED.join()}}/*.ts`, "mock-services/*.ts", "package-lock.json"], {
    cwd: root,
  }).sort();
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest("hex").slice(0, 16);
}

function filesOf(folder: string): FleetBundle {
  return {
    service: join(folder, "service-process.js"),
    load: join(folder, "load-process.js"),
    guard: join(folder, "guard-process.js"),
    compileCache: join(folder, "compile-cache", process.version),
  };
}

/** A compile cache holds for one place and one version of Node, so it is made where the bundle runs, and not packed. */
async function warmed(bundle: FleetBundle): Promise<FleetBundle> {
  if (existsSync(bundle.compileCache)) return bundle;
  try {
    mkdirSync(bundle.compileCache, { recursive: true });
  } catch {
    // Installed where only somebody else may write: the fleet starts more slowly, and that is all.
    return bundle;
  }
  await warm(bundle);
  return bundle;
}

/**
 * The compile cache is written when a process ends by itself, which a killed one never does: so each entry is run
 * once here, up to a handled request, and writes what it compiled.
 */
async function warm(bundle: FleetBundle): Promise<void> {
  const runs = [bundle.service, bundle.load].map(
    (entry) =>
      new Promise<void>((resolve) => {
        const env = { NODE_COMPILE_CACHE: bundle.compileCache };
        const child = spawn(process.execPath, [entry, "warm"], { stdio: "ignore", env });
        child.on("error", () => resolve());
        child.on("exit", () => resolve());
      }),
  );
  await Promise.all(runs);
}

function sweep(cache: string): void {
  const folders = globSync("fleet-*", { cwd: cache })
    .map((name) => join(cache, name))
    .map((path) => ({ path, changedMs: statSync(path).mtimeMs }))
    .sort((a, b) => b.changedMs - a.changedMs);
  for (const { path } of folders.slice(KEPT)) rmSync(path, { recursive: true, force: true });
}
