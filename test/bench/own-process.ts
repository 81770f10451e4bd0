// The programs of the bench that run our own code.
import { fileURLToPath } from "node:url";

const START = fileURLToPath(new URL("own-process.mjs", import.meta.url));

/** The command line of one of them, by its file beside this one. */
export function ownProcess(program: string): readonly string[] {
  return [process.execPath, START, program];
}
