// Runs one workload in a process of its own and prints what it cost as a line of JSON: CPU seconds of the run itself,
// without starting Node, loading modules and compiling the plan.
// Usage: node firebreak-process.ts <mm1 | tandem | graph20 | scenario file> <requests>
import { engineFor } from "../../harness/cli/engines.ts";
import { planOf, runSim } from "./sim-run.ts";
import { variablesFor, workloadOf } from "./workload.ts";

const [name = "", requests = ""] = process.argv.slice(2);
const workload = workloadOf(name);
const loadStartMs = performance.now();
const plan = planOf(workload.file, variablesFor(workload, Number(requests)));
const loadMs = performance.now() - loadStartMs;
const engine = await engineFor("sim", "process");
const idleRssMb = process.memoryUsage.rss() / 2 ** 20;
const before = process.cpuUsage();
const { meanMs, ...counts } = await runSim(plan, engine);
const run = process.cpuUsage(before);
const whole = process.cpuUsage();
const cpuSeconds = (run.user + run.system) / 1e6;
console.log(
  JSON.stringify({
    ...counts,
    cpuSeconds,
    processCpuSeconds: (whole.user + whole.system) / 1e6,
    requestsPerCpuSecond: Math.round(counts.requests / cpuSeconds),
    meanServiceTimes: meanMs / workload.serviceMs,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    idleRssMb,
    loadMs,
  }),
);
