// Folders that users name. Node's own recursive mkdir never returns where a file system takes no new folders, such
// as /proc: it takes the refusal for a missing parent, for ever.
import { existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";

/** Creates the folder and what is missing above it. Throws the system's error where it refuses. */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  let nearest = path.resolve(folder);
  for (; !existsSync(nearest); nearest = path.dirname(nearest)) missing.unshift(nearest);
  for (const each of missing.length === 0 ? [nearest] : missing) makeOne(each);
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    // It was there, or somebody else was quicker.
    if (code === "EEXIST" && statSync(folder).isDirectory()) return;
    if (code !== "ENOENT") throw error;
    const message = `${path.dirname(folder)} takes no new folder: ${folder} cannot be created`;
    throw Object.assign(new Error(message), { code, syscall });
  }
}
