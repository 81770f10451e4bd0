// Starts a program of the bench as `firebreak run` is started: with Node's compile cache, which also keeps TypeScript
// without its types (harness/cli/engines.ts says why that counts).
// Usage: node own-process.mjs <program beside this file> <its words>
import module from "node:module";

module.enableCompileCache();
const [program] = process.argv.splice(2, 1);
await import(new URL(program, import.meta.url).href);
