// One host of the live fleet as the supervisor holds it: a child process with its control channel, or (inline) the
// same host within this process.
import type { Duplex } from "node:stream";
import { ServiceHost } from "../../mock-services/service-host.ts";
import { channelPair, pipeChannel } from "../wire/control-channel.ts";
import type { ControlChannel } from "../wire/control-channel.ts";
import type { Command, Report } from "../wire/control-message.ts";
import type { FleetBundle } from "./fleet-bundle.ts";
import type { Guard } from "./guard.ts";
import { LoadHost } from "./load-host.ts";
import { spawnProcess } from "./spawn-process.ts";

export type HostKind = "service" | "load";

export interface HostExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The system's error where the process could not even be started, such as ENOENT. */
  readonly startError: NodeJS.ErrnoException | null;
  /** The last lines it wrote to stderr. */
  readonly stderr: string;
}

export interface HostProcess {
  readonly channel: ControlChannel<Command, Report>;
  /** null where it is no process of its own, that signals would reach. */
  readonly pid: number | null;
  /** Called once, when it is gone and reaped. */
  onExit(handle: (exit: HostExit) => void): void;
  signal(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void;
}

/** What a dying process said last is worth this many characters. */
const STDERR_TAIL = 2_000;

/** Throws `fleet-not-started` where the system has no room for its pipes. */
export function spawnHost(kind: HostKind, executable: string, bundle: FleetBundle, guard: Guard): HostProcess {
  const child = spawnProcess(executable, [kind === "service" ? bundle.service : bundle.load], {
    // A process group of its own: Ctrl-C must reach the harness first, which then ends the fleet in order.
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    // Nothing is inherited: NODE_OPTIONS of a debugger or a test runner would load itself into sixty processes.
    env: { NODE_COMPILE_CACHE: bundle.compileCache },
  });
  let exit: HostExit | null = null;
  let startError: NodeJS.ErrnoException | null = null;
  let stderr = "";
  let onExit = (_exit: HostExit): void => {};
  const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
    if (exit !== null) return;
    exit = { code, signal, startError, stderr };
    if (child.pid !== undefined) guard.forget(child.pid);
    channel.close();
    onExit(exit);
  };
  if (child.pid !== undefined) guard.watch(child.pid);
  const stderrPipe = child.stderr!;
  stderrPipe.setEncoding("utf8");
  stderrPipe.on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL);
  });
  const channel = pipeChannel<Command, Report>(child.stdio[3] as Duplex);
  child.on("error", (error) => {
    startError = error;
    if (child.pid === undefined) ended(null, null);
  });
  // `close` comes after `exit` and after the last of stderr was read; a grandchild could hold it back, but there is none.
  child.on("close", ended);
  return {
    channel,
    pid: child.pid ?? null,
    onExit(handle) {
      onExit = handle;
      if (exit !== null) queueMicrotask(() => handle(exit!));
    },
    signal: (name) => void (exit === null && child.kill(name)),
  };
}

/** Everything in the harness's own process: no signals, but the same messages. */
export function inlineHost(kind: HostKind): HostProcess {
  const [channel, theirs] = channelPair<Command, Report>();
  let exit: HostExit | null = null;
  let onExit = (_exit: HostExit): void => {};
  const ended = (): void => {
    if (exit !== null) return;
    exit = { code: 0, signal: null, startError: null, stderr: "" };
    onExit(exit);
  };
  // Kept alive by its channel.
  const host = kind === "service" ? new ServiceHost(theirs, ended) : new LoadHost(theirs, ended);
  return {
    channel,
    pid: null,
    onExit(handle) {
      onExit = handle;
      if (exit !== null) queueMicrotask(() => handle(exit!));
    },
    signal(name) {
      if (name === "SIGKILL" && exit === null) void host.abort();
    },
  };
}
