// How requests walk through their operations' steps: service/execution.ts over flat records. A strand goes from node to
// node until it works, waits, calls, or joins its branches. Hot code.
import { mixHigh, mixLow, unit as uniform } from "../../core/key.ts";
import { PROBABILITY_SALT } from "../../service/execution.ts";
import { CALL as CALL_STEP, END_OF_STEPS, TOGETHER, WORK } from "../../service/program.ts";
import type { CallPath } from "./call-path.ts";
import {
  CALL,
  CALL_REAL,
  CALL_REAL_SHIFT,
  NONE,
  POLICY_WIDTH,
  STRAND,
  STRAND_REAL_SHIFT,
  STRAND_STATE,
  UNIT,
  UNIT_WIDTH_SHIFT,
  VISIT,
  VISIT_REAL,
  VISIT_REAL_SHIFT,
} from "./fields.ts";
import type { Fleet } from "./fleet.ts";
import { NODE, Nodes } from "./nodes.ts";
import type { Workers } from "./workers.ts";

/** Ranks of tasks that are done at the same moment: by unit, and in a unit work before waiting. */
const RANK_SHIFT = UNIT_WIDTH_SHIFT - 1;

export class Steps {
  readonly #fleet: Fleet;
  readonly #workers: Workers;
  readonly #callPath: CallPath;

  constructor(fleet: Fleet, workers: Workers, callPath: CallPath) {
    this.#fleet = fleet;
    this.#workers = workers;
    this.#callPath = callPath;
  }

  /** Begins the steps of a visit that holds a worker; true if they are done at once. */
  start(visit: number, unit: number): boolean {
    const { visits, units, nodes } = this.#fleet;
    const strand = this.#allocate(visit, NONE);
    return this.#walk(strand, nodes.entries[units.int[unit + UNIT.entries]! + visits.int[visit + VISIT.operation]!]!);
  }

  /** What the strand was doing is over; true if all steps of its visit are done. */
  goOn(strand: number): boolean {
    const { strands, nodes } = this.#fleet;
    return this.#walk(strand, nodes.int[strands.int[strand + STRAND.node]! + NODE.next]!);
  }

  /** The strand's call failed; true if all steps of its visit are done after its fallback. */
  fallBack(strand: number): boolean {
    const { strands, nodes } = this.#fleet;
    return this.#walk(strand, nodes.int[strands.int[strand + STRAND.node]! + NODE.fallback]!);
  }

  /** A visit has its worker back: the strands that want to work do, in the order of their branches. */
  resume(visit: number, unit: number): void {
    const { visits, strands, nodes } = this.#fleet;
    const int = strands.int;
    let strand = visits.int[visit + VISIT.firstStrand]!;
    while (int[strand + STRAND.next]! >= 0) strand = int[strand + STRAND.next]!;
    for (; strand >= 0; strand = int[strand + STRAND.previous]!) {
      if (int[strand + STRAND.state] !== STRAND_STATE.wanting) continue;
      this.#occupy(strand, visit, unit, nodes.int[int[strand + STRAND.node]! + NODE.kind]!);
    }
  }

  /** A visit ends: whatever it was doing stops, and its calls are dropped. */
  stop(visit: number, unit: number): void {
    const { visits, strands, tasks, units } = this.#fleet;
    const int = strands.int;
    for (
      let strand = visits.int[visit + VISIT.firstStrand]!;
      strand >= 0;
      strand = visits.int[visit + VISIT.firstStrand]!
    ) {
      const state = int[strand + STRAND.state]!;
      if (state === STRAND_STATE.working) {
        tasks.remove(strand);
        units.int[unit + UNIT.working]!--;
      } else if (state === STRAND_STATE.waiting) tasks.remove(strand);
      else if (state === STRAND_STATE.calling && int[strand + STRAND.call]! >= 0)
        this.#callPath.drop(int[strand + STRAND.call]!);
      this.#release(strand, visit);
    }
  }

  /** The instance of a visit died: nothing of it is left, and nobody is told. */
  forget(visit: number): void {
    const { visits, strands, tasks } = this.#fleet;
    const { int } = strands;
    for (
      let strand = visits.int[visit + VISIT.firstStrand]!;
      strand >= 0;
      strand = visits.int[visit + VISIT.firstStrand]!
    ) {
      const state = int[strand + STRAND.state]!;
      if (state === STRAND_STATE.working || state === STRAND_STATE.waiting) tasks.remove(strand);
      this.#release(strand, visit);
    }
  }

  /** What a visit is waiting for while it does nothing itself: index of the version's call, or NONE. */
  blamedCall(visit: number): number {
    const { visits, strands, nodes } = this.#fleet;
    const int = strands.int;
    let call = NONE;
    for (let strand = visits.int[visit + VISIT.firstStrand]!; strand >= 0; strand = int[strand + STRAND.next]!) {
      const state = int[strand + STRAND.state];
      if (state === STRAND_STATE.calling) call = nodes.int[int[strand + STRAND.node]! + NODE.call]!;
      else if (state !== STRAND_STATE.joining) return NONE;
    }
    return call;
  }

  /** Lets a strand go on from a node until it stops there, or its visit's steps are done (true). */
  #walk(from: number, at: number): boolean {
    const { visits, strands, nodes } = this.#fleet;
    const steps = nodes.int;
    const visit = strands.int[from + STRAND.visit]!;
    const high = visits.int[visit + VISIT.keyHigh]!;
    const low = visits.int[visit + VISIT.keyLow]!;
    let strand = from;
    let node = at;
    for (;;) {
      while (node !== END_OF_STEPS) {
        const site = steps[node + NODE.site]!;
        if (
          steps[node + NODE.isChance] === 0 ||
          uniform(high, low, site ^ PROBABILITY_SALT) < nodes.probability[Nodes.indexOf(node)]!
        ) {
          strands.int[strand + STRAND.node] = node;
          const kind = steps[node + NODE.kind]!;
          if (kind === CALL_STEP) {
            this.#call(strand, visit, node);
            return false;
          }
          if (kind === TOGETHER) {
            if (this.#split(strand, visit, nodes.branches[Nodes.indexOf(node)]!)) return false;
          } else {
            const timeMs = nodes.samplers[Nodes.indexOf(node)]!.draw(high, low, site);
            if (timeMs > 0) {
              strands.real[strand >> STRAND_REAL_SHIFT] = timeMs;
              this.#occupy(strand, visit, visits.int[visit + VISIT.unit]!, kind);
              return false;
            }
          }
        }
        node = steps[node + NODE.next]!;
      }
      const int = strands.int;
      const parent = int[strand + STRAND.parent]!;
      this.#release(strand, visit);
      if (parent < 0) return true;
      if (--int[parent + STRAND.pending]! > 0) return false;
      strand = parent;
      node = steps[int[parent + STRAND.node]! + NODE.next]!;
    }
  }

  /** The call of a node begins; what comes of it is taken from the call path later, even if that is known at once. */
  #call(strand: number, visit: number, node: number): void {
    const { strands, visits, calls, nodes, units, clock } = this.#fleet;
    const from = visits.int;
    const at = visit >> VISIT_REAL_SHIFT;
    strands.int[strand + STRAND.state] = STRAND_STATE.calling;
    if (from[visit + VISIT.calls]!++ === 0) visits.real[at + VISIT_REAL.callsSinceMs] = clock[0]!;
    const unit = from[visit + VISIT.unit]!;
    const high = from[visit + VISIT.keyHigh]!;
    const low = from[visit + VISIT.keyLow]!;
    const site = nodes.int[node + NODE.site]!;
    const policy = units.int[unit + UNIT.firstPolicy]! + nodes.int[node + NODE.call]! * POLICY_WIDTH;
    const call = this.#callPath.allocate(policy);
    const { int } = calls;
    strands.int[strand + STRAND.call] = call;
    int[call + CALL.owner] = strand;
    int[call + CALL.operation] = nodes.int[node + NODE.operation]!;
    int[call + CALL.callHigh] = mixHigh(high, low, site);
    int[call + CALL.callLow] = mixLow(high, low, site);
    int[call + CALL.user] = from[visit + VISIT.user]!;
    int[call + CALL.depth] = from[visit + VISIT.depth]! + 1;
    calls.real[(call >> CALL_REAL_SHIFT) + CALL_REAL.ownDeadlineMs] = visits.real[at + VISIT_REAL.deadlineMs]!;
    this.#callPath.begin(call, units.int[unit + UNIT.boundsCalls]!);
  }

  /** Starts the branches of a group; true if the strand has to wait for any of them. */
  #split(strand: number, visit: number, branches: readonly number[]): boolean {
    const { strands } = this.#fleet;
    strands.int[strand + STRAND.state] = STRAND_STATE.joining;
    // One more than there are branches, so that those that end at once do not let the strand go on from within.
    strands.int[strand + STRAND.pending] = branches.length + 1;
    for (let i = 0; i < branches.length; i++) this.#walk(this.#allocate(visit, strand), branches[i]!);
    return --strands.int[strand + STRAND.pending]! > 0;
  }

  /** Works or waits for the strand's time, or wants to where its visit holds no worker. */
  #occupy(strand: number, visit: number, unit: number, kind: number): void {
    const { visits, strands, units, tasks, clock } = this.#fleet;
    const int = visits.int;
    if (int[visit + VISIT.holdsWorker] === 0) {
      strands.int[strand + STRAND.state] = STRAND_STATE.wanting;
      this.#workers.wantBack(visit, unit);
      return;
    }
    int[visit + VISIT.active]!++;
    tasks.due[0] = clock[0]! + strands.real[strand >> STRAND_REAL_SHIFT]!;
    if (kind === WORK) {
      strands.int[strand + STRAND.state] = STRAND_STATE.working;
      units.int[unit + UNIT.working]!++;
      tasks.add(strand, unit >> RANK_SHIFT);
    } else {
      strands.int[strand + STRAND.state] = STRAND_STATE.waiting;
      tasks.add(strand, (unit >> RANK_SHIFT) + 1);
    }
  }

  /** A new strand at the head of its visit's list. */
  #allocate(visit: number, parent: number): number {
    const { visits, strands } = this.#fleet;
    const strand = strands.allocate();
    const int = strands.int;
    const head = visits.int[visit + VISIT.firstStrand]!;
    int[strand + STRAND.state] = 0;
    int[strand + STRAND.visit] = visit;
    int[strand + STRAND.parent] = parent;
    int[strand + STRAND.call] = NONE;
    int[strand + STRAND.next] = head;
    int[strand + STRAND.previous] = NONE;
    if (head >= 0) int[head + STRAND.previous] = strand;
    visits.int[visit + VISIT.firstStrand] = strand;
    return strand;
  }

  #release(strand: number, visit: number): void {
    const { visits, strands } = this.#fleet;
    const int = strands.int;
    const next = int[strand + STRAND.next]!;
    const previous = int[strand + STRAND.previous]!;
    if (next >= 0) int[next + STRAND.previous] = previous;
    if (previous >= 0) int[previous + STRAND.next] = next;
    else visits.int[visit + VISIT.firstStrand] = next;
    strands.release(strand);
  }
}
