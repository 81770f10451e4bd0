// One run in virtual time, over flat records: what simulation.ts does with an actor per instance, for plans that can do
// with less (see is-flat.ts) and several times as fast. The order of what happens is the same: end of bucket, then
// messages as they were sent, then whoever wakes up, the conductor first, then by unit. test/sim/flat holds the two to
// the same bytes. Hot code.
import { assert } from "../../core/assert.ts";
import { Conductor } from "../../engine/conductor.ts";
import type { FleetPort } from "../../engine/fleet-port.ts";
import type { ActiveDisturbance } from "../../faults/active-disturbance.ts";
import type { InstanceRef, Route } from "../../model/route.ts";
import type { Plan } from "../../model/plan.ts";
import type { RunEvent } from "../../recording/event.ts";
import type { RecordingSink } from "../../recording/recording.ts";
import { FAULT, FAULT_WIDTH } from "../../signals/columns.ts";
import { layoutOf } from "../../signals/layout.ts";
import type { Tally } from "../../signals/tally.ts";
import { assertLittle } from "../little.ts";
import { timerFired } from "./calls.ts";
import { Exchange } from "./exchange.ts";
import * as CALL from "./fields/call.ts";
import * as PHASE from "./fields/phase.ts";
import * as POLICY from "./fields/policy.ts";
import * as STRAND from "./fields/strand.ts";
import * as UNIT from "./fields/unit.ts";
import * as VISIT from "./fields/visit.ts";
import { NONE, UNIT_WIDTH, UNIT_WIDTH_SHIFT } from "./fields/widths.ts";
import { beginRun, isAlive, RUN, unitOfGeneration } from "./fleet.ts";
import { flatTally } from "./latency.ts";
import { LoadPath } from "./load-path.ts";
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
  NOW,
  POLICIES,
  TASK,
  TASK_STRAND,
  TIMER,
  UNITS,
  UNITS_USED,
} from "./memory.ts";
import { takeTask } from "./tasks.ts";
import { Units } from "./units.ts";
import { advance, taskDone } from "./visits.ts";

const EVENTS_AT_A_TIME = 100;

export class FlatSimulation implements FleetPort {
  readonly #plan: Plan;
  readonly #sink: RecordingSink;
  readonly #tally: Tally;
  readonly #units: Units;
  readonly #loads: readonly LoadPath[];
  readonly #exchange: Exchange;
  readonly #conductor: Conductor;
  #nextLoad = 0;
  readonly #due: number[] = [];
  /** What the conductor is to be told, in order. */
  readonly #news: (() => void)[] = [];
  #bucket = 0;

  constructor(plan: Plan, sink: RecordingSink) {
    this.#plan = plan;
    this.#sink = sink;
    this.#tally = flatTally(layoutOf(plan));
    beginRun(plan, this.#tally, this);
    this.#units = new Units();
    this.#loads = plan.loads.map((_, load) => new LoadPath(load, this.#units.addLoad(load)));
    this.#exchange = new Exchange(this.#loads, (unit) => this.#drained(unit));
    this.#findNextLoad();
    this.#conductor = new Conductor(plan, this);
    this.#conductor.begin();
    this.#tellConductor();
  }

  get nowMs(): number {
    return CLOCK[NOW]!;
  }

  /** Runs to the end of the current bucket and closes it; false when the run is over. */
  runBucket(): boolean {
    assert(RUN.holder === this, "a thread simulates one fleet at a time");
    const endMs = Math.min((this.#bucket + 1) * this.#plan.bucketMs, this.#plan.endMs);
    CLOCK[BUCKET_END] = endMs;
    while (this.#runOn());
    CLOCK[NOW] = endMs;
    this.#observeAll();
    assertLittle(this.#tally.services);
    const bucket = this.#tally.close(this.#bucket++);
    this.#sink.bucket(bucket);
    this.#conductor.closed(bucket);
    this.#tellConductor();
    return endMs < this.#plan.endMs;
  }

  /**
   * The next events; false when the bucket's end is reached. A few at a time: V8 knows the constants in what it compiles
   * as a whole, not in a loop that it replaces while it runs.
   */
  #runOn(): boolean {
    const endMs = CLOCK[BUCKET_END]!;
    for (let event = 0; event < EVENTS_AT_A_TIME; event++) {
      if (COUNT[AT_ONCE] !== NONE) {
        this.#exchange.deliver(takeAtOnce());
        if (this.#news.length > 0) this.#tellConductor();
        continue;
      }
      const messageMs = CLOCK[MESSAGE]!;
      const taskMs = CLOCK[TASK]!;
      const timerMs = CLOCK[TIMER]!;
      let wakeMs = taskMs < timerMs ? taskMs : timerMs;
      if (CLOCK[ARRIVAL]! < wakeMs) wakeMs = CLOCK[ARRIVAL]!;
      if (CLOCK[CONDUCTOR]! < wakeMs) wakeMs = CLOCK[CONDUCTOR]!;
      if (messageMs <= wakeMs) {
        if (messageMs >= endMs) return false;
        CLOCK[NOW] = messageMs;
        this.#exchange.deliver(takeMessage());
      } else {
        if (wakeMs >= endMs) return false;
        if (timerMs === wakeMs) {
          // Nearly every timer is cancelled by the time it is reached.
          RUN.timers.refresh();
          if (CLOCK[TIMER]! > wakeMs) continue;
        }
        CLOCK[NOW] = wakeMs;
        if (CLOCK[CONDUCTOR] === wakeMs) {
          this.#conductor.wake(wakeMs);
          this.#tellConductor();
        } else if (CLOCK[ARRIVAL] === wakeMs) this.#setOut(timerMs === wakeMs);
        else if (taskMs === wakeMs && timerMs !== wakeMs) this.#work();
        else this.#fire(taskMs === wakeMs);
      }
      if (this.#news.length > 0) this.#tellConductor();
    }
    return true;
  }

  // ── FleetPort ──────────────────────────────────────────────────────────────────────────────────────────────────

  start(instance: InstanceRef, _isInitial: boolean): void {
    this.#units.addInstance(instance);
    this.#news.push(() => this.#conductor.up(this.nowMs, instance.id, instance.generation));
  }

  ready(instance: InstanceRef): void {
    const unit = this.#unitOf(instance);
    this.#observe(unit);
    UNITS[unit + UNIT.phase] = PHASE.ready;
  }

  stop(instance: InstanceRef): void {
    const unit = this.#unitOf(instance);
    this.#observe(unit);
    UNITS[unit + UNIT.phase] = PHASE.stopping;
    UNITS[unit + UNIT.isStopping] = 1;
    this.#exchange.pump(unit);
  }

  kill(instance: InstanceRef): void {
    const unit = this.#unitOf(instance);
    this.#observe(unit);
    this.#exchange.crash(unit);
    this.#units.bury(unit);
    this.#news.push(() => this.#conductor.gone(this.nowMs, instance.id, instance.generation, "crashed"));
  }

  pause(): void {
    assert(false, "a plan with pauses is not flat");
  }

  resume(): void {
    assert(false, "a plan with pauses is not flat");
  }

  capacity(): void {
    assert(false, "a plan with changes of capacity is not flat");
  }

  route(route: Route): void {
    this.#units.route(route);
  }

  disturb(active: readonly ActiveDisturbance[]): void {
    assert(active.length === 0, "a plan with disturbances is not flat");
  }

  countFault(timeline: number, hits: number): void {
    const tally = this.#tally;
    tally.faults[tally.layout.faultRow[timeline]! * FAULT_WIDTH + FAULT.hits]! += hits;
  }

  record(event: RunEvent): void {
    this.#sink.event(event);
  }

  // ── what wakes up ──────────────────────────────────────────────────────────────────────────────────────────────

  /** A request of the next load sets out; before that come timers of a load before it that are due at the same moment. */
  #setOut(isTimerDue: boolean): void {
    const load = this.#nextLoad;
    if (isTimerDue && this.#takeTimers() < load * UNIT_WIDTH) {
      this.#fireTimers();
      return;
    }
    if (isTimerDue) this.#postponeTimers();
    this.#loads[load]!.arrive();
    this.#findNextLoad();
    this.#exchange.pumpLoad(load);
  }

  #findNextLoad(): void {
    let nextMs = Infinity;
    for (let load = 0; load < this.#loads.length; load++) {
      const ms = this.#loads[load]!.arrivals.nextMs();
      if (ms >= nextMs) continue;
      nextMs = ms;
      this.#nextLoad = load;
    }
    CLOCK[ARRIVAL] = nextMs;
  }

  /** Work or waiting of a strand is over. */
  #work(): void {
    const strand = takeTask();
    const unit = INT[INT[strand + STRAND.visit]! + VISIT.unit]!;
    taskDone(strand);
    this.#exchange.pumpInstance(unit);
  }

  /** Timers are due; a task of the same or an earlier unit at the same moment comes first. */
  #fire(isTaskDue: boolean): void {
    const unit = this.#takeTimers();
    if (isTaskDue && INT[TASK_STRAND[0]! + STRAND.rank]! >> 1 <= unit >> UNIT_WIDTH_SHIFT) {
      this.#postponeTimers();
      this.#work();
    } else this.#fireTimers();
  }

  /** Takes the timers of the unit whose turn it is; returns that unit. */
  #takeTimers(): number {
    RUN.timers.takeDue(this.#due);
    return POLICIES[INT[this.#due[0]! + CALL.policy]! + POLICY.unit]!;
  }

  #fireTimers(): void {
    const unit = POLICIES[INT[this.#due[0]! + CALL.policy]! + POLICY.unit]!;
    for (const call of this.#due) timerFired(call);
    this.#exchange.pump(unit);
  }

  #postponeTimers(): void {
    for (const call of this.#due) RUN.timers.postpone(call);
  }

  // ── instances that come and go ─────────────────────────────────────────────────────────────────────────────────

  /** The conductor hears what its commands led to only after it has given them, as in a real fleet. */
  #tellConductor(): void {
    for (let tell = this.#news.shift(); tell !== undefined; tell = this.#news.shift()) tell();
    CLOCK[CONDUCTOR] = this.#conductor.nextWakeup();
  }

  #drained(unit: number): void {
    const [instance, generation] = [UNITS[unit + UNIT.instance]!, UNITS[unit + UNIT.generation]!];
    UNITS[unit + UNIT.phase] = PHASE.drained;
    this.#observe(unit);
    this.#units.bury(unit);
    this.#news.push(() => this.#conductor.gone(this.nowMs, instance, generation, "stopped"));
  }

  #observeAll(): void {
    for (let unit = 0; unit < COUNT[UNITS_USED]!; unit += UNIT_WIDTH)
      if (UNITS[unit + UNIT.isAlive] === 1) this.#observe(unit);
  }

  #observe(unit: number): void {
    if (UNITS[unit + UNIT.service]! >= 0) advance(unit);
    this.#units.observe(unit);
  }

  #unitOf(instance: InstanceRef): number {
    const unit = unitOfGeneration(instance.id, instance.generation);
    assert(isAlive(unit), "the conductor commands living instances");
    return unit;
  }
}
