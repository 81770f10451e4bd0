// How the requests inside one instance walk through their operations' steps. A strand goes from node to node until it
// works, waits, calls, or joins its branches; what ends that (time, or the result of a call) lets it go on.
// Hot code: flat tables, small integers, no allocation per request.
import { unit } from "../core/key.ts";
import { WakeHeap } from "../core/wake-heap.ts";
import type { Cpu } from "./cpu.ts";
import { type Logging, NO_VISIT } from "./logging.ts";
import { BEGIN_CALL, DROP_CALL, type Outputs } from "./outputs.ts";
import { ABSENT, CALL, END_OF_STEPS, type Program, TOGETHER, WORK } from "./program.ts";
import { CALLING, JOINING, type Strands, WAITING, WANTING, WORKING } from "./strands.ts";
import type { Visits } from "./visits.ts";
import type { WorkerPool } from "./worker-pool.ts";

export const PROBABILITY_SALT = 0x2f6e2b1;

export class Execution {
  readonly #visits: Visits;
  readonly #strands: Strands;
  readonly #program: Program;
  readonly #pool: WorkerPool;
  readonly #cpu: Cpu;
  readonly #outputs: Outputs;
  readonly #waits = new WakeHeap();
  readonly #logging: Logging | null;

  constructor(
    visits: Visits,
    strands: Strands,
    program: Program,
    pool: WorkerPool,
    cpu: Cpu,
    outputs: Outputs,
    logging: Logging | null,
  ) {
    this.#visits = visits;
    this.#strands = strands;
    this.#program = program;
    this.#pool = pool;
    this.#cpu = cpu;
    this.#outputs = outputs;
    this.#logging = logging;
  }

  /** When the next piece of work or waiting is over; Infinity = none is under way. */
  nextDue(): number {
    return Math.min(this.#cpu.nextDue(), this.#waits.topTime);
  }

  /** Takes one strand whose work or waiting is over by `dueMs`, −1 if there is none. It is to `goOn`. */
  shift(dueMs: number): number {
    let strand = -1;
    // A task is done when it was due: a wake-up that comes late costs the others nothing.
    const doneMs = this.#cpu.nextDue();
    if (doneMs <= dueMs) strand = this.#cpu.shift(doneMs);
    else if (this.#waits.topTime <= dueMs) {
      strand = this.#waits.topId;
      this.#waits.remove(strand);
    }
    if (strand < 0) return strand;
    const visit = this.#strands.visit[strand]!;
    if (visit === NO_VISIT) {
      this.#logging!.done(dueMs, strand);
      return -1;
    }
    this.#visits.active[visit]!--;
    return strand;
  }

  /** Begins the steps of a visit that holds a worker; true if they are done at once. */
  start(nowMs: number, visit: number): boolean {
    const { operation, firstStrand } = this.#visits;
    const strand = this.#strands.allocate(visit, -1, -1);
    firstStrand[visit] = strand;
    return this.#walk(nowMs, strand, this.#program.entry[operation[visit]!]!);
  }

  /** Works for a visit that is being turned away, without a worker; `shift` answers with its strand when that is done. */
  reject(nowMs: number, visit: number, workMs: number): void {
    const strand = this.#strands.allocate(visit, -1, -1);
    this.#visits.firstStrand[visit] = strand;
    this.#visits.active[visit]!++;
    this.#strands.state[strand] = WORKING;
    this.#cpu.add(nowMs, strand, workMs);
  }

  /** What the strand was doing is over; true if all steps of its visit are done. */
  goOn(nowMs: number, strand: number): boolean {
    return this.#walk(nowMs, strand, this.#program.next[this.#strands.node[strand]!]!);
  }

  /** The strand's call failed, and it goes on by its fallback, if it has one; true if all steps of its visit are done. */
  goOnWithout(nowMs: number, strand: number): boolean {
    const { fallback, next } = this.#program;
    const node = this.#strands.node[strand]!;
    return this.#walk(nowMs, strand, fallback[node] === ABSENT ? next[node]! : fallback[node]!);
  }

  /** A visit has its worker back (async): the strands that want to work do, in the order of their branches. */
  resume(nowMs: number, visit: number): void {
    const { state, next, previous, node, timeMs } = this.#strands;
    let strand = this.#visits.firstStrand[visit]!;
    while (next[strand]! >= 0) strand = next[strand]!;
    for (; strand >= 0; strand = previous[strand]!)
      if (state[strand] === WANTING) this.#occupy(nowMs, strand, timeMs[strand]!, this.#program.kind[node[strand]!]!);
  }

  /** A visit ends: whatever it was doing stops, and its calls are dropped. */
  stop(nowMs: number, visit: number): void {
    const { firstStrand } = this.#visits;
    const strands = this.#strands;
    for (let strand = firstStrand[visit]!; strand >= 0; strand = firstStrand[visit]!) {
      const state = strands.state[strand]!;
      if (state === WORKING) this.#cpu.remove(nowMs, strand);
      else if (state === WAITING) this.#waits.remove(strand);
      else if (state === CALLING && strands.call[strand]! >= 0) this.#outputs.push(DROP_CALL, strands.call[strand]!);
      firstStrand[visit] = strands.release(strand, strand);
    }
  }

  /** Lets a strand go on from a node until it stops there, or its visit's steps are done (true). */
  #walk(nowMs: number, from: number, at: number): boolean {
    const { keyHigh, keyLow, firstStrand } = this.#visits;
    const strands = this.#strands;
    const program = this.#program;
    const visit = strands.visit[from]!;
    let strand = from;
    let node = at;
    for (;;) {
      while (node !== END_OF_STEPS) {
        const probability = program.probability[node]!;
        const site = program.site[node]!;
        if (probability === 1 || unit(keyHigh[visit]!, keyLow[visit]!, site ^ PROBABILITY_SALT) < probability) {
          strands.node[strand] = node;
          const kind = program.kind[node]!;
          if (kind === CALL) {
            this.#call(nowMs, strand, visit);
            return false;
          }
          if (kind === TOGETHER) {
            if (this.#split(nowMs, strand, visit, program.branches[node]!)) return false;
          } else {
            const timeMs = program.samplers[node]!.draw(keyHigh[visit]!, keyLow[visit]!, site);
            if (timeMs > 0) {
              this.#occupy(nowMs, strand, timeMs, kind);
              return false;
            }
          }
        }
        node = program.next[node]!;
      }
      const parent = strands.parent[strand]!;
      firstStrand[visit] = strands.release(strand, firstStrand[visit]!);
      if (parent < 0) return true;
      if (--strands.pending[parent]! > 0) return false;
      strand = parent;
      node = program.next[strands.node[parent]!]!;
    }
  }

  #call(nowMs: number, strand: number, visit: number): void {
    const { calls, callsSinceMs } = this.#visits;
    this.#strands.state[strand] = CALLING;
    if (calls[visit]!++ === 0) callsSinceMs[visit] = nowMs;
    this.#outputs.push(BEGIN_CALL, strand);
  }

  /** Starts the branches of a group; true if the strand has to wait for any of them. */
  #split(nowMs: number, strand: number, visit: number, branches: readonly number[]): boolean {
    const { firstStrand } = this.#visits;
    const strands = this.#strands;
    strands.state[strand] = JOINING;
    // One more than there are branches, so that those that end at once do not let the strand go on from within.
    strands.pending[strand] = branches.length + 1;
    for (const branch of branches) {
      const child = strands.allocate(visit, strand, firstStrand[visit]!);
      firstStrand[visit] = child;
      this.#walk(nowMs, child, branch);
    }
    return --strands.pending[strand] > 0;
  }

  #occupy(nowMs: number, strand: number, timeMs: number, kind: number): void {
    const { holdsWorker, active } = this.#visits;
    const strands = this.#strands;
    const visit = strands.visit[strand]!;
    if (holdsWorker[visit] === 0) {
      strands.state[strand] = WANTING;
      strands.timeMs[strand] = timeMs;
      this.#pool.wantBack(visit);
      return;
    }
    active[visit]!++;
    if (kind === WORK) {
      strands.state[strand] = WORKING;
      this.#cpu.add(nowMs, strand, timeMs);
    } else {
      strands.state[strand] = WAITING;
      this.#waits.set(strand, nowMs + timeMs);
    }
  }
}
