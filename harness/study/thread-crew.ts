// Several threads, each with an engine of its own, that carry out the runs of a study side by side. They share
// nothing but the disk, so what a run comes to depends on its plan alone, whichever thread it met.
import module from "node:module";
import { Worker } from "node:worker_threads";
import { assert, unreachable } from "../core/assert.ts";
import type { RunProgress } from "../engine/engine.ts";
import type { Crew } from "./crew.ts";
import type { ObservedRun } from "../verdict/observer.ts";
import type { RunTask } from "./run-task.ts";
import type { Answer, EngineModule, Order, ThreadSetting } from "./thread-message.ts";
import { unpacked, unpackedFailure } from "./thread-message.ts";

/** At most `size` threads, each started when it is first needed. Aborting `signal` ends all runs early. */
export function threadCrew(engine: EngineModule, size: number, signal: AbortSignal): Crew {
  const threads = new Set<RunThread>();
  const stop = (): void => threads.forEach((thread) => thread.order({ do: "stop" }));
  signal.addEventListener("abort", stop);
  return {
    engine: engine.engine,
    size,
    run(task, onProgress) {
      let thread = [...threads].find(({ isIdle }) => isIdle);
      if (thread === undefined) {
        assert(threads.size < size, "no more runs at a time than there are threads");
        thread = new RunThread(engine, (gone) => threads.delete(gone));
        threads.add(thread);
        if (signal.aborted) thread.order({ do: "stop" });
      }
      return thread.run(task, onProgress);
    },
    async close() {
      signal.removeEventListener("abort", stop);
      await Promise.all(Array.from(threads, (thread) => thread.leave()));
    },
  };
}

/** The run that a thread is at, and who waits for it. */
interface Job {
  readonly task: RunTask;
  readonly onProgress: (progress: RunProgress) => void;
  readonly resolve: (observed: ObservedRun) => void;
  readonly reject: (error: unknown) => void;
}

class RunThread {
  readonly #worker: Worker;
  readonly #onGone: (thread: RunThread) => void;
  readonly #gone: Promise<void>;
  #job: Job | null = null;

  constructor(engine: EngineModule, onGone: (thread: RunThread) => void) {
    const setting: ThreadSetting = { module: engine, compileCache: module.getCompileCacheDir() ?? null };
    // Beside this file, in the sources and in the package alike.
    const file = `./run-worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`;
    this.#worker = new Worker(new URL(file, import.meta.url), { workerData: setting, execArgv: [] });
    this.#onGone = onGone;
    this.#gone = new Promise((resolve) => {
      this.#worker.once("exit", (code) => {
        this.#lost(new Error(`the thread of a run ended by itself, with exit code ${code}`));
        resolve();
      });
    });
    this.#worker.on("message", (answer: Answer) => this.#hear(answer));
    this.#worker.on("error", (error) => this.#lost(error));
    this.#worker.on("messageerror", (error) => this.#lost(error));
  }

  get isIdle(): boolean {
    return this.#job === null;
  }

  order(order: Order): void {
    // Everything is copied, nothing handed over.
    this.#worker.postMessage(order, []);
  }

  run(task: RunTask, onProgress: (progress: RunProgress) => void): Promise<ObservedRun> {
    assert(this.#job === null, "a thread carries out one run at a time");
    return new Promise((resolve, reject) => {
      this.#job = { task, onProgress, resolve, reject };
      this.order({ do: "run", task });
    });
  }

  /** By itself where nothing is to be done, so that its compile cache is kept; otherwise at once. */
  async leave(): Promise<void> {
    if (this.isIdle) this.order({ do: "leave" });
    else await this.#worker.terminate();
    await this.#gone;
  }

  #hear(answer: Answer): void {
    const job = this.#job;
    assert(job !== null, "a thread speaks of a run only while it is at one");
    switch (answer.did) {
      case "reached":
        return job.onProgress(answer.progress);
      case "run":
        this.#job = null;
        return job.resolve(unpacked(answer, job.task));
      case "fail":
        this.#job = null;
        return job.reject(unpackedFailure(answer.failure));
      default:
        return unreachable(answer);
    }
  }

  /** An error comes before the exit that follows from it: the first reason is the one that counts. */
  #lost(error: unknown): void {
    this.#onGone(this);
    const job = this.#job;
    this.#job = null;
    job?.reject(error);
  }
}
