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
import { findNextLoad, GO_ON, runOn, STOP, TELL } from "./events.ts";
import { crash, pump } from "./exchange.ts";
import * as PHASE from "./fields/phase.ts";
import * as UNIT from "./fields/unit.ts";
import { UNIT_WIDTH } from "./fields/widths.ts";
import { beginRun, isAlive, RUN, unitOfGeneration } from "./fleet.ts";
import type { Holder } from "./fleet.ts";
import { flatTally } from "./latency.ts";
import { LoadPath, LOADS } from "./load-path.ts";
import { BUCKET_END, CLOCK, CONDUCTOR, COUNT, LOAD_UNITS, NEWS, NOW, UNITS, UNITS_USED } from "./memory.ts";
import { Units } from "./units.ts";
import { advance } from "./visits.ts";

export class FlatSimulation implements FleetPort, Holder {
  readonly #plan: Plan;
  readonly #sink: RecordingSink;
  readonly #tally: Tally;
  readonly #units: Units;
  readonly #conductor: Conductor;
  /** What the conductor is to be told, in order. */
  readonly #news: (() => void)[] = [];
  #bucket = 0;
  /** By what comes next. Two are taken in every bucket, so that V8 compiles the first on its own, and not into this loop again. */
  readonly #actions: readonly (() => number)[] = [
    runOn,
    () => this.#tellConductor(),
    () => {
      this.#conductor.wake(this.nowMs);
      return this.#tellConductor();
    },
  ];

  constructor(plan: Plan, sink: RecordingSink) {
    this.#plan = plan;
    this.#sink = sink;
    this.#tally = flatTally(layoutOf(plan));
    beginRun(plan, this.#tally, this);
    this.#units = new Units();
    LOADS.length = 0;
    LOADS.push(...plan.loads.map((_, load) => new LoadPath(load, this.#units.addLoad(load))));
    COUNT[LOAD_UNITS] = COUNT[UNITS_USED]!;
    findNextLoad();
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
    this.#runTo(endMs);
    this.#observeAll();
    assertLittle(this.#tally.services);
    const bucket = this.#tally.close(this.#bucket++);
    this.#sink.bucket(bucket);
    this.#conductor.closed(bucket);
    this.#tellConductor();
    return endMs < this.#plan.endMs;
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
    pump(unit);
  }

  kill(instance: InstanceRef): void {
    const unit = this.#unitOf(instance);
    this.#observe(unit);
    crash(unit);
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

  // ── instances that come and go ─────────────────────────────────────────────────────────────────────────────────

  drained(unit: number): void {
    const [instance, generation] = [UNITS[unit + UNIT.instance]!, UNITS[unit + UNIT.generation]!];
    UNITS[unit + UNIT.phase] = PHASE.drained;
    this.#observe(unit);
    this.#units.bury(unit);
    this.#news.push(() => this.#conductor.gone(this.nowMs, instance, generation, "stopped"));
    COUNT[NEWS] = 1;
  }

  /** A function of its own: V8 would compile the end of a bucket together with this loop, and both again when either changes. */
  #runTo(endMs: number): void {
    CLOCK[BUCKET_END] = endMs;
    for (let next = TELL; next !== STOP;) next = this.#actions[next]!();
    CLOCK[NOW] = endMs;
  }

  /** The conductor hears what its commands led to only after it has given them, as in a real fleet. */
  #tellConductor(): number {
    for (let tell = this.#news.shift(); tell !== undefined; tell = this.#news.shift()) tell();
    COUNT[NEWS] = 0;
    CLOCK[CONDUCTOR] = this.#conductor.nextWakeup();
    return GO_ON;
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
