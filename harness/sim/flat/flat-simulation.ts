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
import { Tally } from "../../signals/tally.ts";
import { assertLittle } from "../little.ts";
import { Answers } from "./answers.ts";
import { CallPath } from "./call-path.ts";
import { Exchange } from "./exchange.ts";
import { CALL, PHASE, POLICY, STRAND, UNIT, UNIT_WIDTH, UNIT_WIDTH_SHIFT, VISIT } from "./fields.ts";
import { Fleet } from "./fleet.ts";
import { LoadPath } from "./load-path.ts";
import { ServicePath } from "./service-path.ts";
import { Units } from "./units.ts";
import { Workers } from "./workers.ts";

export class FlatSimulation implements FleetPort {
  readonly #plan: Plan;
  readonly #sink: RecordingSink;
  readonly #fleet: Fleet;
  readonly #units: Units;
  readonly #callPath: CallPath;
  readonly #servicePath: ServicePath;
  readonly #loads: readonly LoadPath[];
  readonly #exchange: Exchange;
  readonly #conductor: Conductor;
  /** When the next load's next request sets out, and when the conductor wants to be woken. */
  readonly #arrivalMs = Float64Array.of(Infinity);
  readonly #conductorMs = Float64Array.of(Infinity);
  readonly #endMs = new Float64Array(1);
  #nextLoad = 0;
  readonly #due: number[] = [];
  /** What the conductor is to be told, in order. */
  readonly #news: (() => void)[] = [];
  #bucket = 0;

  constructor(plan: Plan, sink: RecordingSink) {
    this.#plan = plan;
    this.#sink = sink;
    this.#fleet = new Fleet(plan, new Tally(layoutOf(plan)));
    const workers = new Workers(this.#fleet);
    this.#units = new Units(this.#fleet, workers);
    this.#callPath = new CallPath(this.#fleet);
    const answers = new Answers(this.#fleet);
    this.#servicePath = new ServicePath(this.#fleet, workers, this.#callPath, answers);
    this.#loads = plan.loads.map(
      (_, load) => new LoadPath(this.#fleet, this.#callPath, load, this.#units.addLoad(load)),
    );
    this.#exchange = new Exchange(this.#fleet, answers, this.#callPath, this.#servicePath, this.#loads, (unit) =>
      this.#drained(unit),
    );
    this.#findNextLoad();
    this.#conductor = new Conductor(plan, this);
    this.#conductor.begin();
    this.#tellConductor();
  }

  get nowMs(): number {
    return this.#fleet.clock[0]!;
  }

  /** Runs to the end of the current bucket and closes it; false when the run is over. */
  runBucket(): boolean {
    const { clock, tally } = this.#fleet;
    const endMs = Math.min((this.#bucket + 1) * this.#plan.bucketMs, this.#plan.endMs);
    this.#endMs[0] = endMs;
    this.#runToEnd();
    clock[0] = endMs;
    this.#observeAll();
    assertLittle(tally.services);
    const bucket = tally.close(this.#bucket++);
    this.#sink.bucket(bucket);
    this.#conductor.closed(bucket);
    this.#tellConductor();
    return endMs < this.#plan.endMs;
  }

  /** Everything that happens before the end of the bucket. Apart from what closes it, so that this stays compiled. */
  #runToEnd(): void {
    const { clock, mail, tasks, timers } = this.#fleet;
    const arrivalMs = this.#arrivalMs;
    const conductorMs = this.#conductorMs;
    const endMs = this.#endMs[0]!;
    for (;;) {
      const messageMs = mail.next[0]!;
      const taskMs = tasks.top[0]!;
      const timerMs = timers.next[0]!;
      let wakeMs = taskMs < timerMs ? taskMs : timerMs;
      if (arrivalMs[0]! < wakeMs) wakeMs = arrivalMs[0]!;
      if (conductorMs[0]! < wakeMs) wakeMs = conductorMs[0]!;
      if (messageMs <= wakeMs) {
        if (messageMs >= endMs) break;
        clock[0] = messageMs;
        this.#exchange.deliver(mail.take());
      } else {
        if (wakeMs >= endMs) break;
        if (timerMs === wakeMs) {
          // Nearly every timer is dead by the time it is reached.
          timers.refresh();
          if (timers.next[0]! > wakeMs) continue;
        }
        clock[0] = wakeMs;
        if (conductorMs[0] === wakeMs) {
          this.#conductor.wake(wakeMs);
          this.#tellConductor();
        } else if (arrivalMs[0] === wakeMs) this.#setOut(timerMs === wakeMs);
        else if (taskMs === wakeMs && timerMs !== wakeMs) this.#work();
        else this.#fire(taskMs === wakeMs);
      }
      if (this.#news.length > 0) this.#tellConductor();
    }
  }

  // ── FleetPort ──────────────────────────────────────────────────────────────────────────────────────────────────

  start(instance: InstanceRef, _isInitial: boolean): void {
    this.#units.addInstance(instance);
    this.#news.push(() => this.#conductor.up(this.nowMs, instance.id, instance.generation));
  }

  ready(instance: InstanceRef): void {
    const unit = this.#unitOf(instance);
    this.#observe(unit);
    this.#fleet.units.int[unit + UNIT.phase] = PHASE.ready;
  }

  stop(instance: InstanceRef): void {
    const unit = this.#unitOf(instance);
    const { int } = this.#fleet.units;
    this.#observe(unit);
    int[unit + UNIT.phase] = PHASE.stopping;
    int[unit + UNIT.isStopping] = 1;
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
    const { tally } = this.#fleet;
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
    this.#arrivalMs[0] = nextMs;
  }

  /** Work or waiting of a strand is over. */
  #work(): void {
    const { tasks, strands, visits } = this.#fleet;
    const strand = tasks.first;
    tasks.shift();
    const unit = visits.int[strands.int[strand + STRAND.visit]! + VISIT.unit]!;
    this.#servicePath.wake(strand);
    this.#exchange.pumpInstance(unit);
  }

  /** Timers are due; a task of the same or an earlier unit at the same moment comes first. */
  #fire(isTaskDue: boolean): void {
    const unit = this.#takeTimers();
    if (isTaskDue && this.#fleet.tasks.firstRank >> 1 <= unit >> UNIT_WIDTH_SHIFT) {
      this.#postponeTimers();
      this.#work();
    } else this.#fireTimers();
  }

  /** Takes the timers of the unit whose turn it is; returns that unit. */
  #takeTimers(): number {
    const { timers, calls, policies } = this.#fleet;
    timers.takeDue(this.#due);
    return policies.int[calls.int[this.#due[0]! + CALL.policy]! + POLICY.unit]!;
  }

  #fireTimers(): void {
    const { calls, policies } = this.#fleet;
    const unit = policies.int[calls.int[this.#due[0]! + CALL.policy]! + POLICY.unit]!;
    for (const call of this.#due) this.#callPath.wake(call);
    this.#exchange.pump(unit);
  }

  #postponeTimers(): void {
    for (const call of this.#due) this.#fleet.timers.postpone(call);
  }

  // ── instances that come and go ─────────────────────────────────────────────────────────────────────────────────

  /** The conductor hears what its commands led to only after it has given them, as in a real fleet. */
  #tellConductor(): void {
    for (let tell = this.#news.shift(); tell !== undefined; tell = this.#news.shift()) tell();
    this.#conductorMs[0] = this.#conductor.nextWakeup();
  }

  #drained(unit: number): void {
    const { int } = this.#fleet.units;
    const [instance, generation] = [int[unit + UNIT.instance]!, int[unit + UNIT.generation]!];
    int[unit + UNIT.phase] = PHASE.drained;
    this.#observe(unit);
    this.#units.bury(unit);
    this.#news.push(() => this.#conductor.gone(this.nowMs, instance, generation, "stopped"));
  }

  #observeAll(): void {
    const { units } = this.#fleet;
    for (let unit = 0; unit < units.used; unit += UNIT_WIDTH)
      if (units.int[unit + UNIT.isAlive] === 1) this.#observe(unit);
  }

  #observe(unit: number): void {
    if (this.#fleet.units.int[unit + UNIT.service]! >= 0) this.#servicePath.advance(unit);
    this.#units.observe(unit);
  }

  #unitOf(instance: InstanceRef): number {
    const unit = this.#fleet.unitOfGeneration(instance.id, instance.generation);
    assert(this.#fleet.isAlive(unit), "the conductor commands living instances");
    return unit;
  }
}
