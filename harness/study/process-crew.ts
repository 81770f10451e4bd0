// Several processes, each with an engine of its own, that carry out the runs of a study side by side. They share
// nothing but the disk, so what a run comes to depends on its plan alone, whichever process it met.
//
// Processes and not threads: beside each other, the same runs were seen to take 15 to 22 % more CPU in worker threads of
// one process, and 3 to 9 % more in two processes.
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { assert, unreachable } from "../core/assert.ts";
import type { RunProgress } from "../engine/engine.ts";
import type { Crew, EndedRun } from "./crew.ts";
import type { ObservedRun } from "../verdict/observer.ts";
import type { RunTask } from "./run-task.ts";
import type { Answer, EngineModule, Order } from "./crew-message.ts";
import { unpacked, unpackedFailure, unpackedBug } from "./crew-message.ts";

/** What a process of a crew runs. */
export interface RunProgram {
  /** URL of run-process.ts, bundled or as it is. */
  readonly url: string;
  readonly engine: EngineModule;
}

/**
 * So many processes, started at once: they load while the study gets ready. Aborting `signal` ends all runs early.
 * One that is lost, or could not be started ahead, is started when it is needed: the run that it is for tells what is wrong.
 */
export function processCrew(program: RunProgram, size: number, signal: AbortSignal): Crew {
  const members = new Set<RunProcess>();
  const start = (): RunProcess => {
    const member = new RunProcess(program, (gone) => members.delete(gone));
    members.add(member);
    if (signal.aborted) member.order({ do: "stop" });
    return member;
  };
  try {
    for (let index = 0; index < size; index++) start();
  } catch {
    // The run that needs one more meets the same, and can say so.
  }
  const stop = (): void => members.forEach((member) => member.order({ do: "stop" }));
  signal.addEventListener("abort", stop);
  return {
    engine: program.engine.engine,
    size,
    run(task, onProgress) {
      const waiting = [...members].filter(({ isIdle }) => isIdle);
      const idle = waiting.find(({ isAnswering }) => !isAnswering) ?? waiting[0];
      assert(idle !== undefined || members.size < size, "no more runs at a time than there are processes");
      return (idle ?? start()).run(task, onProgress);
    },
    async close() {
      signal.removeEventListener("abort", stop);
      await Promise.all(Array.from(members, (member) => member.leave()));
    },
  };
}

/**
 * MB of either half of the space for what is new. What a simulation makes is dropped at once, but for the numbers of a
 * run, so the 16 MB of a large machine are collected no cheaper than 4, and come from the system page by page. With 4, two
 * processes at the five flagship strategies were seen to fault on 40 % fewer pages, to take 3 % less time, and 190 MB each
 * instead of 300: compared with 16 and a heap that is collected later, which was 2 % faster than 16 alone.
 */
const SMALL_NEW_SPACE = ["--max-semi-space-size=4"];

/** A run of a process, and who waits for its end and for what was observed. */
interface Job {
  readonly task: RunTask;
  readonly onProgress: (progress: RunProgress) => void;
  readonly ended: PromiseWithResolvers<EndedRun>;
  readonly observed: PromiseWithResolvers<ObservedRun>;
  isOver: boolean;
}

class RunProcess {
  readonly #child: ChildProcess;
  readonly #onGone: (process: RunProcess) => void;
  readonly #gone: Promise<void>;
  /** In the order in which they were begun: of one that is over the answer is on its way, the next is ordered or under way. */
  readonly #jobs: Job[] = [];

  constructor({ url, engine }: RunProgram, onGone: (process: RunProcess) => void) {
    this.#child = fork(fileURLToPath(url), [JSON.stringify(engine)], {
      execArgv: SMALL_NEW_SPACE,
      // In a session of its own: Ctrl-C is for us, who then say what is to be done. It ends when its channel does.
      detached: true,
      // Structured clones, unlike JSON, bring `undefined` and infinite numbers across.
      serialization: "advanced",
      // Nobody reads what a run might print; the last words of a runtime that breaks down are for whoever started us.
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#onGone = onGone;
    this.#gone = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => {
        const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
        this.#lost(new Error(`the process of a run ended by itself, ${how}`));
        resolve();
      });
      // It did not start: there is no exit to wait for.
      this.#child.once("error", (error) => {
        this.#lost(error);
        if (this.#child.pid === undefined) resolve();
      });
    });
    this.#child.on("message", (answer: Answer) => this.#hear(answer));
  }

  get isIdle(): boolean {
    return this.#jobs.every(({ isOver }) => isOver);
  }

  /** What it saw of a run that is over has not come across yet. */
  get isAnswering(): boolean {
    return this.#jobs.some(({ isOver }) => isOver);
  }

  order(order: Order): void {
    // To one that is gone nothing can be said: its end is heard of by itself.
    if (this.#child.connected) this.#child.send(order, () => {});
  }

  run(task: RunTask, onProgress: (progress: RunProgress) => void): Promise<EndedRun> {
    assert(this.isIdle, "a process carries out one run at a time");
    const ended = Promise.withResolvers<EndedRun>();
    this.#jobs.push({ task, onProgress, ended, observed: Promise.withResolvers(), isOver: false });
    this.order({ do: "run", task });
    return ended.promise;
  }

  /** By itself where nothing is to be done, so that a profile of it is written, if any is; otherwise at once. */
  async leave(): Promise<void> {
    if (this.#jobs.length > 0) this.#child.kill("SIGKILL");
    else if (this.#child.connected) this.#child.disconnect();
    await this.#gone;
  }

  #hear(answer: Answer): void {
    if (answer.did === "trip") {
      this.#lost(unpackedBug(answer.bug));
      this.#child.disconnect();
      return;
    }
    // What it says of a run it has said to the end before it begins the next (serve-runs.ts).
    const job = this.#jobs[0];
    assert(job !== undefined, "a process speaks of a run only while it is at one");
    switch (answer.did) {
      case "reached":
        return job.onProgress(answer.progress);
      case "over":
        job.isOver = true;
        return job.ended.resolve({ reason: answer.reason, observed: job.observed.promise });
      case "run":
        this.#jobs.shift();
        return job.observed.resolve(unpacked(answer, job.task));
      case "fail":
        this.#jobs.shift();
        return job.ended.reject(unpackedFailure(answer.failure));
      default:
        return unreachable(answer);
    }
  }

  /** What went wrong comes before the exit that follows from it: the first reason is the one that counts. */
  #lost(error: unknown): void {
    this.#onGone(this);
    for (const { isOver, ended, observed } of this.#jobs.splice(0)) (isOver ? observed : ended).reject(error);
  }
}
