// Runs one workload in a process of its own and prints what it cost as a line of JSON: CPU seconds of the run itself,
// without starting Node, loading modules and compiling the plan. Usage: node firebreak-process.ts mm1 1000000
import { assert } from "../../harness/core/assert.ts";
import { planOf, runSim } from "./sim-run.ts";
import { WORKLOADS, variablesFor } from "./workload.ts";

const [name = "", requests = ""] = process.argv.slice(2);
const workload = Object.entries(WORKLOADS).find(([each]) => each === name)?.[1];
assert(workload !== undefined, `workloads: ${Object.keys(WORKLOADS).join(", ")}`);
const plan = planOf(workload.file, variablesFor(workload, Number(requests)));
const idleRssMb = process.resourceUsage().maxRSS / 1024;
const before = process.cpuUsage();
const counts = await runSim(plan);
const { user, system } = process.cpuUsage(before);
const cpuSeconds = (user + system) / 1e6;
const peakRssMb = process.resourceUsage().maxRSS / 1024;
const perCpuSecond = Math.round(counts.requests / cpuSeconds);
console.log(JSON.stringify({ ...counts, cpuSeconds, perCpuSecond, peakRssMb, idleRssMb }));
