// The control plane of a run, the same for both engines: it starts the fleet, plays the timeline, brings releases
// to the fleet, watches what monitoring shows, and responds. It holds no timer: the engine tells it what happened
// and wakes it when it asked to be woken, and it tells the engine what to do through the FleetPort.
//
//   engine ── up, gone, closed bucket, wake ──► Conductor ── start, stop, route, disturb, … ──► engine
import { assert } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { RolloutPlan, TimelineEventPlan, VersionPlan } from "../model/release-plan.ts";
import type { ResponseEvent } from "../response/response.ts";
import { Response } from "../response/response.ts";
import type { Bucket } from "../signals/bucket.ts";
import type { Happening } from "./agenda.ts";
import { Agenda } from "./agenda.ts";
import { Autoscaling } from "./autoscaling.ts";
import type { CarePort } from "./care-port.ts";
import { Discovery } from "./discovery.ts";
import { EjectionWatch } from "./ejection-watch.ts";
import { FaultSchedule } from "./fault-schedule.ts";
import type { FleetPort } from "./fleet-port.ts";
import { FleetState } from "./fleet-state.ts";
import { Monitor } from "./monitor.ts";
import { ReleaseRun } from "./release-run.ts";
import { Remedies } from "./remedies.ts";
import { TriggerWatch } from "./trigger-watch.ts";

/** More rounds at one instant than this are a circle. */
const ROUND_LIMIT = 10_000;

export class Conductor {
  readonly #plan: Plan;
  readonly #port: FleetPort;
  readonly #agenda = new Agenda();
  readonly #fleet: FleetState;
  readonly #discovery: Discovery;
  readonly #monitor: Monitor;
  readonly #faults: FaultSchedule;
  readonly #response: Response;
  readonly #remedies: Remedies;
  readonly #autoscaling: Autoscaling;
  readonly #trigger: TriggerWatch;
  readonly #ejections: EjectionWatch;
  /** In the order of release. */
  readonly #releases: ReleaseRun[] = [];
  /** What was reported while the conductor was at work: an engine may report from within a command. */
  readonly #inbox: (() => void)[] = [];
  #isBusy = false;

  /** `care` may be null where no plan has probes or start-up work. */
  constructor(plan: Plan, port: FleetPort, care: CarePort | null = null) {
    this.#plan = plan;
    this.#port = port;
    this.#fleet = new FleetState(plan, port, this.#agenda, (service) => this.#discovery.changed(service), care);
    this.#discovery = new Discovery(plan, port, this.#agenda, this.#fleet);
    this.#monitor = new Monitor(plan);
    this.#faults = new FaultSchedule(port, this.#agenda, this.#fleet, ({ background }) => {
      if (!background) this.#trigger.act();
    });
    this.#response = new Response(plan);
    this.#remedies = new Remedies(plan, port, this.#agenda, this.#fleet, {
      pause: (version, untilMs) => this.#pause(version, untilMs),
      replace: (version, overMs) => this.#ship(version, { kind: "everywhere", overMs }, true),
      settledVariant: (service) => this.#releasesOf(service).at(-1)?.baseFor(-1) ?? 0,
    });
    const record = (happening: Happening): void => this.#record(happening);
    this.#autoscaling = new Autoscaling(plan, this.#fleet, this.#monitor, record);
    this.#trigger = new TriggerWatch((state) => this.#record({ kind: "trigger", state }));
    this.#ejections = new EjectionWatch(plan, record);
  }

  /** The fleet starts, and run time with it. */
  begin(): void {
    this.#enter(0, () => {
      this.#fleet.startInitial();
      this.#discovery.begin();
      this.#plan.timeline.forEach((event, index) => this.#agenda.at(event.atMs, () => this.#play(event, index)));
    });
  }

  /** When the conductor wants to be woken; Infinity = only when something happens. */
  nextWakeup(): number {
    let next = Math.min(this.#agenda.nextMs, this.#monitor.nextWakeup(), this.#response.nextWakeup());
    next = Math.min(next, this.#autoscaling.nextWakeup());
    if (this.#fleet.care !== null) next = Math.min(next, this.#fleet.care.nextWakeup());
    for (const release of this.#releases) next = Math.min(next, release.nextWakeup());
    return next;
  }

  /** Does everything that is due by `dueMs`, each at its own time. */
  wake(dueMs: number): void {
    this.#enter(-Infinity, () => {
      for (let next = this.nextWakeup(); next <= dueMs; next = this.nextWakeup()) {
        this.#agenda.advance(next);
        this.#settle();
      }
      this.#agenda.advance(dueMs);
    });
  }

  /** A bucket is complete; the conductor looks at it when the monitoring delay has passed. */
  closed(bucket: Bucket): void {
    this.#enter((bucket.index + 1) * this.#plan.bucketMs, () => {
      this.#monitor.closed(bucket);
      this.#ejections.closed(bucket);
    });
  }

  /** The process of an instance is there. */
  up(nowMs: number, instanceId: number, generation: number): void {
    this.#enter(nowMs, () => this.#fleet.up(instanceId, generation));
  }

  /** An errand that an instance was given (CarePort) has ended. */
  errandDone(nowMs: number, instanceId: number, generation: number, serial: number, isOk: boolean): void {
    this.#enter(nowMs, () => this.#fleet.care?.errandDone(this.#agenda.nowMs, instanceId, generation, serial, isOk));
  }

  /** The process of an instance has ended. One that nobody told to stop has crashed, however it ended. */
  gone(nowMs: number, instanceId: number, generation: number, _how: "stopped" | "crashed"): void {
    this.#enter(nowMs, () => this.#fleet.gone(instanceId, generation));
  }

  #enter(nowMs: number, act: () => void): void {
    this.#inbox.push(() => {
      this.#agenda.advance(nowMs);
      act();
      this.#settle();
    });
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) next();
    } finally {
      this.#isBusy = false;
    }
  }

  /** Everything that follows at this instant from what has just happened. */
  #settle(): void {
    let rounds = 0;
    do {
      assert(rounds++ < ROUND_LIMIT, "the control plane comes to rest at every instant");
      for (const bucket of this.#monitor.reveal(this.#agenda.nowMs)) this.#see(bucket);
      this.#agenda.runDue();
      this.#autoscaling.wake(this.#agenda.nowMs, (service) =>
        this.#releases.some((each) => each.version.service === service && each.isUnderWay),
      );
      this.#fleet.care?.wake(this.#agenda.nowMs);
      this.#respond(this.#response.wake(this.#agenda.nowMs));
      for (const release of this.#releases) release.step();
      this.#remedies.step();
      this.#faults.follow();
    } while (this.nextWakeup() <= this.#agenda.nowMs);
    this.#trigger.settle(
      this.#faults.isTriggerPresent || this.#releases.some((each) => !each.isBackground && each.isPresent),
    );
  }

  #see(bucket: Bucket): void {
    const { nowMs } = this.#agenda;
    for (const release of this.#releases) release.saw(bucket);
    const look = (metric: string, overMs: number, of: "itself" | "stable") =>
      this.#monitor.measure(metric, overMs, nowMs, of);
    this.#faults.saw(look);
    this.#respond(this.#response.observe(nowMs, look, this.#rollBackable().length > 0));
  }

  #play(event: TimelineEventPlan, index: number): void {
    if (event.do === "fault") return this.#faults.play(index, event);
    if (!event.background) this.#trigger.act();
    this.#release(event, index);
  }

  #release(event: Extract<TimelineEventPlan, { do: "release" }>, index: number): void {
    this.#record({ kind: "timeline", timeline: index, state: "begin" });
    const version = this.#plan.versions[event.version]!;
    const { rollout } = this.#plan;
    assert(rollout !== null, "a plan with a release has a rollout to bring it by");
    this.#ship(version, rollout, event.background);
  }

  /** A version begins to travel; earlier releases of its service leave everything as it is. */
  #ship(version: VersionPlan, rollout: RolloutPlan, isBackground: boolean): void {
    const earlier = this.#releasesOf(version.service);
    const base = earlier.at(-1)?.baseFor(version.variant) ?? 0;
    for (const each of earlier) each.supersede(version.name);
    const around = {
      plan: this.#plan,
      agenda: this.#agenda,
      fleet: this.#fleet,
      discovery: this.#discovery,
      monitor: this.#monitor,
      record: (happening: Happening) => this.#record(happening),
      onGateFailed: () => {
        if (!isBackground) this.#respond(this.#response.gateFailed(this.#agenda.nowMs));
      },
    };
    this.#releases.push(new ReleaseRun(around, version, base, rollout, isBackground));
  }

  #respond(events: readonly ResponseEvent[]): void {
    for (const event of events) {
      const { is, ...rest } = event;
      if (is === "action") this.#act(event.action, event.by, event.cause);
      else this.#record({ kind: is, ...rest } as Happening);
    }
  }

  #act(action: string, by: string | null, cause: string): void {
    if (action === "rollback") return this.#rollBack(by, cause);
    this.#record({ kind: "action", action, by, cause });
    this.#remedies.act(action);
  }

  #pause(version: number, untilMs: number): void {
    const { name } = this.#plan.versions[version]!;
    for (const release of this.#releases) if (release.version.name === name) release.pause(untilMs);
  }

  #releasesOf(service: number): ReleaseRun[] {
    return this.#releases.filter((each) => each.version.service === service);
  }

  /** Rolls back every release of the trigger; where there is none (any more), nothing is done and nothing said. */
  #rollBack(by: string | null, cause: string): void {
    const releases = this.#rollBackable();
    if (releases.length === 0) return;
    this.#record({ kind: "action", action: "rollback", by, cause });
    for (const release of releases) release.rollBack();
  }

  #rollBackable(): ReleaseRun[] {
    return this.#releases.filter((each) => !each.isBackground && each.isReleased);
  }

  #record(happening: Happening): void {
    this.#port.record({ ...happening, atMs: this.#agenda.nowMs });
  }
}
