// Entry of the guard: a process that outlives the harness by a moment. It reads from a pipe that only the harness
// holds; when the pipe ends, however the harness came to its end, it kills whatever is still written down. A stopped
// (SIGSTOP) child cannot end itself, and SIGKILL is the one signal that reaches it.

/** Process ids of the fleet that are alive as far as we were told: lines `+pid` and `-pid`. */
const alive = new Set<number>();
let partial = "";

process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk: string) => {
  const lines = (partial + chunk).split("\n");
  partial = lines.pop()!;
  for (const line of lines) {
    const pid = Number(line.slice(1));
    if (!Number.isInteger(pid) || pid <= 1) continue;
    if (line.startsWith("+")) alive.add(pid);
    else alive.delete(pid);
  }
});
process.stdin.on("end", killAll);
process.stdin.on("error", killAll);
// Ctrl-C is for the harness, which then ends the fleet in order and closes the pipe.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.stdout.write("ready\n");

function killAll(): void {
  for (const pid of alive) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
  process.exit(0);
}
