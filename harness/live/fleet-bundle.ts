// The fleet's executable code: its files of the bundle, with a warm compile cache.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { bundleFolder } from "../bundle/bundle.ts";
import { EngineFailure } from "../engine/engine.ts";

/** Absolute paths. */
export interface FleetBundle {
  readonly service: string;
  readonly load: string;
  readonly guard: string;
  readonly compileCache: string;
}

/** Built now if it is not there yet. Rejects with `fleet-not-started`. */
export async function fleetBundle(): Promise<FleetBundle> {
  try {
    return await warmed(filesOf(await bundleFolder()));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = "build it by hand with `npm run prepare`";
    throw new EngineFailure("fleet-not-started", `the fleet's bundle could not be built: ${why}`, hint);
  }
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
