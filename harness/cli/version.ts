// The version of Firebreak, from package.json.
import { readFileSync } from "node:fs";

export function version(): string {
  // The compiled package lies one folder deeper than the sources.
  for (const up of ["../../package.json", "../../../package.json"]) {
    try {
      return (JSON.parse(readFileSync(new URL(up, import.meta.url), "utf8")) as { version: string }).version;
    } catch {
      continue;
    }
  }
  return "unknown";
}
