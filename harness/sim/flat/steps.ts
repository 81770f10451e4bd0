// How requests walk through their operations' steps: service/execution.ts over flat records. A strand goes from node to
// node until it works, waits, calls, or joins its branches. Hot code.
import { mixState, unit as uniform } from "../../core/key.ts";
import { PROBABILITY_SALT } from "../../service/execution.ts";
import { CALL as CALL_STEP, END_OF_STEPS, TOGETHER, WORK } from "../../service/program.ts";
import { beginCall, drop, newCall } from "./calls.ts";
import * as CALL from "./fields/call.ts";
import * as CALL_REAL from "./fields/call-real.ts";
import { succeed } from "./endings.ts";
import * as FLAG from "./fields/flag.ts";
import * as NODE from "./fields/node.ts";
import * as STRAND from "./fields/strand.ts";
import * as STRAND_REAL from "./fields/strand-real.ts";
import * as STRAND_STATE from "./fields/strand-state.ts";
import * as UNIT from "./fields/unit.ts";
import * as VISIT from "./fields/visit.ts";
import * as VISIT_REAL from "./fields/visit-real.ts";
import { NODE_WIDTH_SHIFT, NONE, POLICY_WIDTH, REAL_SHIFT, UNIT_WIDTH_SHIFT } from "./fields/widths.ts";
import { allocate, CLOCK, ENTRIES, INT, NODE_PROBABILITIES, NODES, NOW, REAL, release, UNITS } from "./memory.ts";
import { BRANCHES, drawMs } from "./nodes.ts";
import { addTask, removeTask } from "./tasks.ts";
import { wantBack } from "./workers.ts";

/** Ranks of tasks that are done at the same moment: by unit, and in a unit work before waiting. */
const RANK_SHIFT = UNIT_WIDTH_SHIFT - 1;

/** Begins the steps of a visit that holds a worker; the visit ends if they are done at once. */
export function startSteps(visit: number, unit: number): void {
  INT[visit + STRAND.visit] = visit;
  INT[visit + STRAND.parent] = NONE;
  const node = ENTRIES[UNITS[unit + UNIT.entries]! + INT[visit + VISIT.operation]!]!;
  // Most operations begin with work: what `walk` does with it, without its loop.
  if (node !== END_OF_STEPS && NODES[node + NODE.kind] === WORK && NODES[node + NODE.isChance] === 0) {
    const timeMs = drawMs(node, INT[visit + VISIT.keyHigh]!, INT[visit + VISIT.keyLow]!);
    if (timeMs > 0) {
      INT[visit + STRAND.node] = node;
      INT[visit + STRAND.state] = STRAND_STATE.working;
      INT[visit + VISIT.active]!++;
      UNITS[unit + UNIT.working]!++;
      REAL[(visit >> REAL_SHIFT) + STRAND_REAL.timeMs] = timeMs;
      addTask(visit, unit >> RANK_SHIFT);
      return;
    }
  }
  walk(visit, node);
}

/** A visit has its worker back: the strands that want to work do, in the order of their branches. */
export function resume(visit: number, unit: number): void {
  resumeStrand(visit, visit, unit);
  let strand = INT[visit + VISIT.lastStrand]!;
  if (strand === NONE) return;
  while (INT[strand + STRAND.earlier]! !== NONE) strand = INT[strand + STRAND.earlier]!;
  for (; strand !== NONE; strand = INT[strand + STRAND.later]!) resumeStrand(strand, visit, unit);
}

function resumeStrand(strand: number, visit: number, unit: number): void {
  if (INT[strand + STRAND.state] !== STRAND_STATE.wanting) return;
  occupy(strand, visit, unit, NODES[INT[strand + STRAND.node]! + NODE.kind]!);
}

/** A visit ends: whatever it was doing stops, and its calls are dropped. */
export function stopSteps(visit: number, unit: number): void {
  for (let strand = INT[visit + VISIT.lastStrand]!; strand !== NONE; strand = INT[visit + VISIT.lastStrand]!) {
    stopStrand(strand, unit);
    removeStrand(strand, visit);
  }
  if (INT[visit + STRAND.state] === STRAND_STATE.none) return;
  stopStrand(visit, unit);
  INT[visit + STRAND.state] = STRAND_STATE.none;
}

function stopStrand(strand: number, unit: number): void {
  const state = INT[strand + STRAND.state]!;
  if (state === STRAND_STATE.working) {
    removeTask(strand);
    UNITS[unit + UNIT.working]!--;
  } else if (state === STRAND_STATE.waiting) removeTask(strand);
  else if (state === STRAND_STATE.calling && INT[strand + STRAND.call]! >= 0) drop(INT[strand + STRAND.call]!);
}

/** The instance of a visit died: nothing of it is left, and nobody is told. */
export function forgetSteps(visit: number): void {
  for (let strand = INT[visit + VISIT.lastStrand]!; strand !== NONE; strand = INT[visit + VISIT.lastStrand]!) {
    forgetStrand(strand);
    removeStrand(strand, visit);
  }
  forgetStrand(visit);
  INT[visit + STRAND.state] = STRAND_STATE.none;
}

function forgetStrand(strand: number): void {
  const state = INT[strand + STRAND.state]!;
  if (state === STRAND_STATE.working || state === STRAND_STATE.waiting) removeTask(strand);
}

/** What a visit is waiting for while it does nothing itself: index of the version's call, or NONE. */
export function blamedCall(visit: number): number {
  let call: number = NONE;
  for (let strand = INT[visit + VISIT.lastStrand]!; strand !== NONE; strand = INT[strand + STRAND.earlier]!) {
    const state = INT[strand + STRAND.state]!;
    if (state === STRAND_STATE.calling) call = NODES[INT[strand + STRAND.node]! + NODE.call]!;
    else if (state !== STRAND_STATE.joining) return NONE;
  }
  const state = INT[visit + STRAND.state]!;
  if (state === STRAND_STATE.calling) return NODES[INT[visit + STRAND.node]! + NODE.call]!;
  return state === STRAND_STATE.joining ? call : NONE;
}

/** Lets a strand go on from a node until it stops there, or its visit's steps are done, and so the visit. */
export function walk(from: number, at: number): void {
  const visit = INT[from + STRAND.visit]!;
  const high = INT[visit + VISIT.keyHigh]!;
  const low = INT[visit + VISIT.keyLow]!;
  let strand = from;
  let node = at;
  for (;;) {
    while (node !== END_OF_STEPS) {
      if (
        NODES[node + NODE.isChance] === 0 ||
        uniform(high, low, NODES[node + NODE.site]! ^ PROBABILITY_SALT) < NODE_PROBABILITIES[node >> NODE_WIDTH_SHIFT]!
      ) {
        INT[strand + STRAND.node] = node;
        const kind = NODES[node + NODE.kind]!;
        if (kind === CALL_STEP) {
          beginCallOf(strand, visit, node);
          return;
        }
        if (kind === TOGETHER) {
          if (split(strand, visit, BRANCHES[node >> NODE_WIDTH_SHIFT]!)) return;
        } else {
          const timeMs = drawMs(node, high, low);
          if (timeMs > 0) {
            REAL[(strand >> REAL_SHIFT) + STRAND_REAL.timeMs] = timeMs;
            occupy(strand, visit, INT[visit + VISIT.unit]!, kind);
            return;
          }
        }
      }
      node = NODES[node + NODE.next]!;
    }
    const parent = INT[strand + STRAND.parent]!;
    if (parent === NONE) {
      INT[visit + STRAND.state] = STRAND_STATE.none;
      succeed(visit, INT[visit + VISIT.unit]!);
      return;
    }
    removeStrand(strand, visit);
    if (--INT[parent + STRAND.pending]! > 0) return;
    strand = parent;
    node = NODES[INT[parent + STRAND.node]! + NODE.next]!;
  }
}

/** The call of a node begins; what comes of it is taken from the outputs later, even if that is known at once. */
function beginCallOf(strand: number, visit: number, node: number): void {
  const at = visit >> REAL_SHIFT;
  INT[strand + STRAND.state] = STRAND_STATE.calling;
  if (INT[visit + VISIT.calls]!++ === 0) REAL[at + VISIT_REAL.callsSinceMs] = CLOCK[NOW]!;
  const unit = INT[visit + VISIT.unit]!;
  const high = INT[visit + VISIT.keyHigh]!;
  const low = INT[visit + VISIT.keyLow]!;
  const call = newCall(UNITS[unit + UNIT.firstPolicy]! + NODES[node + NODE.call]! * POLICY_WIDTH);
  INT[strand + STRAND.call] = call;
  INT[call + CALL.owner] = strand;
  INT[call + VISIT.operation] = NODES[node + NODE.operation]!;
  INT[call + CALL.callHigh] = mixState(NODES[node + NODE.highState]!, high, low);
  INT[call + CALL.callLow] = mixState(NODES[node + NODE.lowState]!, high, low);
  INT[call + VISIT.user] = INT[visit + VISIT.user]!;
  INT[call + VISIT.depth] = INT[visit + VISIT.depth]! + 1;
  REAL[(call >> REAL_SHIFT) + CALL_REAL.ownDeadlineMs] = REAL[at + VISIT_REAL.deadlineMs]!;
  beginCall(call, UNITS[unit + UNIT.boundsCalls]!);
}

/** Starts the branches of a group; true if the strand has to wait for any of them. */
function split(strand: number, visit: number, branches: readonly number[]): boolean {
  INT[strand + STRAND.state] = STRAND_STATE.joining;
  // One more than there are branches, so that those that end at once do not let the strand go on from within.
  INT[strand + STRAND.pending] = branches.length + 1;
  for (let i = 0; i < branches.length; i++) walk(addStrand(visit, strand), branches[i]!);
  return --INT[strand + STRAND.pending]! > 0;
}

/** Works or waits for the strand's time, or wants to where its visit holds no worker. */
function occupy(strand: number, visit: number, unit: number, kind: number): void {
  if ((INT[visit + VISIT.flags]! & FLAG.holdsWorker) === 0) {
    INT[strand + STRAND.state] = STRAND_STATE.wanting;
    wantBack(visit, unit);
    return;
  }
  INT[visit + VISIT.active]!++;
  if (kind === WORK) {
    INT[strand + STRAND.state] = STRAND_STATE.working;
    UNITS[unit + UNIT.working]!++;
    addTask(strand, unit >> RANK_SHIFT);
  } else {
    INT[strand + STRAND.state] = STRAND_STATE.waiting;
    addTask(strand, (unit >> RANK_SHIFT) + 1);
  }
}

/** A further strand of a visit, after those that it has. */
function addStrand(visit: number, parent: number): number {
  const strand = allocate();
  const last = INT[visit + VISIT.lastStrand]!;
  INT[strand + STRAND.state] = STRAND_STATE.none;
  INT[strand + STRAND.visit] = visit;
  INT[strand + STRAND.parent] = parent;
  INT[strand + STRAND.call] = NONE;
  INT[strand + STRAND.earlier] = last;
  INT[strand + STRAND.later] = NONE;
  if (last !== NONE) INT[last + STRAND.later] = strand;
  INT[visit + VISIT.lastStrand] = strand;
  return strand;
}

function removeStrand(strand: number, visit: number): void {
  const earlier = INT[strand + STRAND.earlier]!;
  const later = INT[strand + STRAND.later]!;
  if (earlier !== NONE) INT[earlier + STRAND.later] = later;
  if (later !== NONE) INT[later + STRAND.earlier] = earlier;
  else INT[visit + VISIT.lastStrand] = earlier;
  release(strand);
}
