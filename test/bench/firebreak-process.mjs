// A process of ours in the bench, started as `firebreak run` is: with Node's compile cache, which also keeps TypeScript
// without its types.
// Usage: node firebreak-process.mjs <mm1 | tandem | graph20 | scenario file> <requests>
import { enter } from "../../bin/runtime.mjs";

await enter("test/bench/firebreak-run");
