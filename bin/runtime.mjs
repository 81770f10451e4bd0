// Makes sure that Node is new enough before a line of TypeScript is loaded. Plain JavaScript that any
// Node since 14 can read, because an old Node is exactly what it must be able to talk about.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const OLDEST_MAJOR = 24;

/** Runs `main` of the entry (a path relative to the repository) on a new enough Node, and ends with its exit code. */
export async function enter(entry) {
  if (Number(process.versions.node.split(".")[0]) >= OLDEST_MAJOR) {
    module.enableCompileCache();
    endWithParent();
    // A clone runs its sources, whatever an earlier `npm pack` left in dist/; a package has only that.
    const source = new URL(`../${entry}.ts`, import.meta.url);
    const compiled = new URL(`../dist/${entry}.js`, import.meta.url);
    const { main } = await import(existsSync(source) ? source.href : compiled.href);
    process.exitCode = await main(process.argv.slice(2));
    return;
  }
  const pinned = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
  if (!existsSync(pinned)) {
    process.stderr.write(
      `firebreak needs Node ${OLDEST_MAJOR} or newer; this is ${process.version}.\n` +
        `Run "npm ci" in the clone, which brings its own Node ${OLDEST_MAJOR}, or install a newer one from https://nodejs.org.\n`,
    );
    process.exitCode = 2;
    return;
  }
  runOn(pinned);
}

/** The same command on another Node. It hears of our death through the channel, even if we are killed. */
function runOn(node) {
  const child = spawn(node, process.argv.slice(1), {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  // The terminal sends Ctrl-C to both of us; only the child acts on it. Other signals reach us alone.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  child.on("error", (error) => {
    process.stderr.write(`firebreak could not start ${node}: ${error.message}\n`);
    process.exit(2);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/** Where an older Node started us, its death is ours: nobody would read the results. */
function endWithParent() {
  if (process.channel === undefined) return;
  process.once("disconnect", () => process.exit(129));
  process.channel.unref();
}
