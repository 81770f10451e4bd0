// Entry of a harness that may open no more than so many files (the argument) when its fleet starts.
import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fleetBundle } from "../../harness/live/fleet-bundle.ts";
import { runLive } from "./run-live.ts";
import { twoTiers } from "./small-plan.ts";

await fleetBundle();
spawnSync("true");
const taken: number[] = [];
try {
  for (;;) taken.push(openSync("/dev/null", "r"));
} catch {
  for (const file of taken.splice(0, Number(process.argv[2]))) closeSync(file);
}
try {
  const { end } = await runLive(twoTiers({ endMs: 1_000 }), { isolation: "process" });
  console.log(end.reason);
} catch (error) {
  const { name, code, hint } = error as { name: string; code: string; hint: string };
  console.log(`${name} ${code}: ${hint}`);
}
