// One host of the fleet as the supervisor sees it: what lives in it, and how it is held still and brought to an end.
import type { InstanceRef } from "../model/route.ts";
import type { Command } from "../wire/control-message.ts";
import type { HostExit, HostProcess } from "./host-process.ts";

/** An instance in one of its lives; `stopping` and `dying` say what its end will be called. */
export interface Tenant {
  readonly ref: InstanceRef;
  state: "starting" | "up" | "stopping" | "dying" | "gone";
}

/** How long a process may take to say its last numbers, or to hold still, before the signal is sent anyway. */
const LAST_WORDS_MS = 100;

export class FleetMember {
  /** The supervisor's number for it. */
  readonly index: number;
  /** For people: `playlist#3`, `playlist stable` or `load generator`. */
  readonly name: string;
  readonly host: HostProcess;
  /** Several instances live in one process (or in the harness itself), so no signal may be sent for one of them. */
  readonly isShared: boolean;
  /** By instance id. */
  readonly tenants = new Map<number, Tenant>();
  readonly exited: Promise<HostExit>;
  exit: HostExit | null = null;
  /** It was told that the run began. */
  hasBegun = false;
  /** It was asked to end, so its end is no surprise. */
  isEnding = false;
  /** A pause is in force, and SIGSTOP was sent for it. */
  #isPaused = false;
  #isStopped = false;

  constructor(index: number, name: string, host: HostProcess, isShared: boolean) {
    this.index = index;
    this.name = name;
    this.host = host;
    this.isShared = isShared;
    this.exited = new Promise((resolve) => {
      host.onExit((exit) => {
        this.exit = exit;
        resolve(exit);
      });
    });
  }

  send(command: Command): void {
    this.host.channel.send(command);
  }

  /** The machine is told first: after SIGCONT its timers may ring before our next message is read. */
  pause(id: number): void {
    this.send({ do: "pause", id });
    if (this.isShared) return;
    this.#isPaused = true;
    setTimeout(() => this.holdStill(), LAST_WORDS_MS).unref();
  }

  /** The machine knows that it stands still: now the process does, if it still should. */
  holdStill(): void {
    if (!this.#isPaused || this.#isStopped || this.isEnding) return;
    this.#isStopped = true;
    this.host.signal("SIGSTOP");
  }

  resume(id: number): void {
    this.#continue();
    this.send({ do: "resume", id });
  }

  /** Ends one instance the hard way, after its last numbers; a stopped process has told them already. */
  killTenant(id: number): void {
    if (!this.isShared) this.isEnding = true;
    if (!this.isShared && (this.#isStopped || !this.hasBegun)) return this.kill();
    this.send({ do: "kill", id, isShared: this.isShared });
    if (!this.isShared) setTimeout(() => this.kill(), LAST_WORDS_MS).unref();
  }

  /** SIGKILL, which reaches a stopped process too. */
  kill(): void {
    this.isEnding = true;
    if (this.exit === null) this.host.signal("SIGKILL");
  }

  /** Asks for its last numbers and its end. */
  finish(): void {
    this.isEnding = true;
    this.#continue();
    this.send({ do: "finish" });
  }

  #continue(): void {
    this.#isPaused = false;
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.host.signal("SIGCONT");
  }
}

/** How a process ended, for a message to people. */
export function exitText({ code, signal, startError, stderr }: HostExit): string {
  if (startError !== null) return `could not be started: ${startError.message}`;
  const how = signal !== null ? `was ended by ${signal}` : `exited with code ${code}`;
  const said = stderr.trim();
  return said === "" ? how : `${how}:\n${said.split("\n").slice(-6).join("\n")}`;
}
