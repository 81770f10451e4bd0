// The version of Firebreak, from package.json.
import { readFileSync } from "node:fs";
import { packageFile } from "./package-file.ts";

export function version(): string {
  const text = readFileSync(packageFile("package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
