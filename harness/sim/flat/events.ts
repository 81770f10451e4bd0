// What happens next, event by event: messages that arrive, then whoever wakes up. Hot code.
import { timerFired } from "./calls.ts";
import { deliver, pump, pumpInstance, pumpLoad } from "./exchange.ts";
import * as CALL from "./fields/call.ts";
import * as POLICY from "./fields/policy.ts";
import * as STRAND from "./fields/strand.ts";
import * as VISIT from "./fields/visit.ts";
import { NONE, UNIT_WIDTH, UNIT_WIDTH_SHIFT } from "./fields/widths.ts";
import { RUN } from "./fleet.ts";
import { LOADS } from "./load-path.ts";
import { takeAtOnce, takeMessage } from "./mail.ts";
import {
  ARRIVAL,
  AT_ONCE,
  BUCKET_END,
  CLOCK,
  CONDUCTOR,
  COUNT,
  INT,
  MESSAGE,
  NEWS,
  NEXT_LOAD,
  NOW,
  POLICIES,
  TASK,
  TIMER,
} from "./memory.ts";
import { firstTask, takeTask } from "./tasks.ts";
import { taskDone } from "./visits.ts";

/** What comes after `runOn`: more of it; first the conductor hears the news, or is woken; or nothing, for the bucket is over. */
export const GO_ON = 0;
export const TELL = 1;
export const WAKE = 2;
export const STOP = 3;

const EVENTS_AT_A_TIME = 100;

/** The calls whose timers are due. */
const DUE: number[] = [];

/**
 * The next events. A few at a time: V8 knows the constants in what it compiles as a whole, not in a loop that it
 * replaces while it runs.
 */
export function runOn(): number {
  const endMs = CLOCK[BUCKET_END]!;
  for (let event = 0; event < EVENTS_AT_A_TIME; event++) {
    if (COUNT[AT_ONCE] !== NONE) {
      deliver(takeAtOnce());
      if (COUNT[NEWS] === 1) return TELL;
      continue;
    }
    const messageMs = CLOCK[MESSAGE]!;
    const taskMs = CLOCK[TASK]!;
    const timerMs = CLOCK[TIMER]!;
    const arrivalMs = CLOCK[ARRIVAL]!;
    const conductorMs = CLOCK[CONDUCTOR]!;
    let wakeMs = taskMs < timerMs ? taskMs : timerMs;
    if (arrivalMs < wakeMs) wakeMs = arrivalMs;
    if (conductorMs < wakeMs) wakeMs = conductorMs;
    if (messageMs <= wakeMs) {
      if (messageMs >= endMs) return STOP;
      CLOCK[NOW] = messageMs;
      deliver(takeMessage());
      if (COUNT[NEWS] === 1) return TELL;
      continue;
    }
    if (wakeMs >= endMs) return STOP;
    if (timerMs === wakeMs) {
      // Nearly every timer is cancelled by the time it is reached.
      RUN.timers.refresh();
      if (CLOCK[TIMER]! > wakeMs) continue;
    }
    CLOCK[NOW] = wakeMs;
    if (conductorMs === wakeMs) return WAKE;
    if (arrivalMs === wakeMs) setOut(timerMs === wakeMs);
    else if (taskMs === wakeMs && timerMs !== wakeMs) work();
    else fire(taskMs === wakeMs);
    if (COUNT[NEWS] === 1) return TELL;
  }
  return GO_ON;
}

export function findNextLoad(): void {
  let nextMs = Infinity;
  for (let load = 0; load < LOADS.length; load++) {
    const ms = LOADS[load]!.arrivals.nextMs();
    if (ms >= nextMs) continue;
    nextMs = ms;
    COUNT[NEXT_LOAD] = load;
  }
  CLOCK[ARRIVAL] = nextMs;
}

/** A request of the next load sets out; before that come timers of a load before it that are due at the same moment. */
function setOut(isTimerDue: boolean): void {
  const load = COUNT[NEXT_LOAD]!;
  if (isTimerDue) {
    if (takeTimers() < load * UNIT_WIDTH) {
      fireTimers();
      return;
    }
    postponeTimers();
  }
  LOADS[load]!.arrive();
  findNextLoad();
  pumpLoad(load);
}

/** Work or waiting of a strand is over. */
function work(): void {
  const strand = takeTask();
  const unit = INT[INT[strand + STRAND.visit]! + VISIT.unit]!;
  taskDone(strand);
  pumpInstance(unit);
}

/** Timers are due; a task of the same or an earlier unit at the same moment comes first. */
function fire(isTaskDue: boolean): void {
  const unit = takeTimers();
  if (isTaskDue && INT[firstTask() + STRAND.rank]! >> 1 <= unit >> UNIT_WIDTH_SHIFT) {
    postponeTimers();
    work();
  } else fireTimers();
}

/** Takes the timers of the unit whose turn it is; returns that unit. */
function takeTimers(): number {
  RUN.timers.takeDue(DUE);
  return POLICIES[INT[DUE[0]! + CALL.policy]! + POLICY.unit]!;
}

function fireTimers(): void {
  const unit = POLICIES[INT[DUE[0]! + CALL.policy]! + POLICY.unit]!;
  for (const call of DUE) timerFired(call);
  pump(unit);
}

function postponeTimers(): void {
  for (const call of DUE) RUN.timers.postpone(call);
}
