// Entry of the harness that harness-end.test.ts ends in several ways.
import { fault, twoTiers } from "./small-plan.ts";
import { runLive } from "./run-live.ts";

const interruption = new AbortController();
process.on("SIGINT", () => interruption.abort());
const plan = twoTiers({ endMs: 60_000, timeline: [fault(300, null, "pause", {}, 1)] });
const { end } = await runLive(plan, { isolation: "process" }, { signal: interruption.signal });
console.log(JSON.stringify(end));
process.exitCode = interruption.signal.aborted ? 130 : 0;
