// One release on its way: the strategy's machine, its gate, and what they do to the fleet.
import type { Plan } from "../model/plan.ts";
import type { RolloutPlan, VersionPlan } from "../model/release-plan.ts";
import type { RunEvent } from "../recording/event.ts";
import { assert, unreachable } from "../core/assert.ts";
import type { InstanceView } from "../rollout/fleet-view.ts";
import { rolloutMachine } from "../rollout/catalogue.ts";
import { Gate } from "../rollout/gate.ts";
import type { Release, RolloutAction, RolloutMachine, RolloutState } from "../rollout/rollout-machine.ts";
import { isRollingBack } from "../rollout/rollout-machine.ts";
import type { Bucket } from "../signals/bucket.ts";
import type { Agenda, Happening } from "./agenda.ts";
import type { Discovery } from "./discovery.ts";
import type { FleetState } from "./fleet-state.ts";
import type { Monitor } from "./monitor.ts";
import { Push } from "./push.ts";

/** What a release works with. */
export interface Surroundings {
  readonly plan: Plan;
  readonly agenda: Agenda;
  readonly fleet: FleetState;
  readonly discovery: Discovery;
  readonly monitor: Monitor;
  readonly record: (event: Happening) => void;
  readonly onGateFailed: () => void;
}

type Phase = Extract<RunEvent, { kind: "rollout" }>["phase"];

/** A machine that takes more steps than this at one instant contradicts itself. */
const STEP_LIMIT = 100_000;

export class ReleaseRun {
  readonly version: VersionPlan;
  readonly isBackground: boolean;
  readonly #around: Surroundings;
  readonly #release: Release;
  readonly #machine: RolloutMachine;
  /** null for code. */
  readonly #push: Push | null;
  /** The state that was last recorded. */
  #told: RolloutState | null = null;
  #gate: Gate | null = null;
  /** Requests that the new version answered since that state was entered, and when that was. */
  #served = 0;
  #sinceMs = 0;
  #seenVersion = -1;
  #isDue = true;
  #isSuperseded = false;
  /** Nothing is stepped before; a rollback is. */
  #pausedUntilMs = -Infinity;

  constructor(around: Surroundings, version: VersionPlan, base: number, rollout: RolloutPlan, isBackground: boolean) {
    const { plan } = around;
    this.version = version;
    this.isBackground = isBackground;
    this.#around = around;
    this.#release = {
      next: version.variant,
      base,
      replicasPerZone: around.fleet.sizes.of(version.service),
      zones: plan.zones,
      analysisNames: plan.analyses.map(({ name }) => name),
      compress: plan.compress,
    };
    this.#machine = rolloutMachine(rollout, this.#release);
    this.#push =
      version.isPush === true
        ? new Push(around.fleet, version.service, version.variant, version.onApply === "crash")
        : null;
  }

  /** The variant that a later release of `variant` would replace: the one that the service settles on as things stand. */
  baseFor(variant: number): number {
    const { next, base } = this.#release;
    // Who ships once more what is there already still wants back what was there before it.
    return this.#machine.state.phase === "succeeded" && variant !== next ? next : base;
  }

  /** Whether there is anything to roll back. */
  get isReleased(): boolean {
    return !this.#isSuperseded && !isRollingBack(this.#machine.state);
  }

  /**
   * Whether this release acts as a trigger: something more will arrive, or an instance of a version that
   * behaves differently exists. A version that changes nothing acts by arriving only.
   */
  get isPresent(): boolean {
    const isMore = !this.#isSuperseded && this.#pausedUntilMs < Infinity && isMoving(this.#machine.state);
    if (this.version.isHarmless) return isMore;
    if (isMore && this.isReleased) return true;
    const { service, variant } = this.version;
    return this.#around.fleet.of(service).some(({ ref }) => ref.variant === variant);
  }

  /** Whether it is changing its service's instances, or will. */
  get isUnderWay(): boolean {
    return !this.#isSuperseded && isMoving(this.#machine.state);
  }

  nextWakeup(): number {
    if (this.#isSuperseded) return Infinity;
    if (this.#isPaused) return this.#pausedUntilMs;
    return Math.min(this.#machine.nextWakeup(), this.#gate?.nextWakeup() ?? Infinity);
  }

  /** A bucket became visible. */
  saw(bucket: Bucket): void {
    if (bucket.index * this.#around.plan.bucketMs < this.#sinceMs) return;
    this.#served += this.#around.monitor.served(bucket, this.version.service, this.version.variant);
    this.#isDue = true;
  }

  /** Steps the machine until it is quiet; does nothing where nothing has changed since. */
  step(): void {
    const { agenda, fleet } = this.#around;
    for (let steps = 0; this.#needsStep(); steps++) {
      assert(steps < STEP_LIMIT, "a rollout comes to rest");
      this.#isDue = false;
      this.#seenVersion = fleet.version;
      this.#judge();
      const view = { instances: this.#view(), served: this.#served };
      const before = this.#machine.state;
      const actions = this.#machine.step(agenda.nowMs, view);
      this.#tell();
      for (const action of actions) this.#act(action);
      if (actions.length > 0 || this.#machine.state !== before) this.#isDue = true;
    }
  }

  /** Whatever stands, stays until then. */
  pause(untilMs: number): void {
    const { phase } = this.#machine.state;
    if (this.#isSuperseded || phase === "succeeded" || phase === "rolledBack") return;
    this.#pausedUntilMs = untilMs;
    this.#record("paused", untilMs === Infinity ? "by hand, for good" : `by hand, for ${this.#secondsTo(untilMs)} s`);
  }

  rollBack(): void {
    this.#pausedUntilMs = -Infinity;
    const { agenda } = this.#around;
    const view = { instances: this.#view(), served: this.#served };
    this.#machine.rollBack(agenda.nowMs, view);
    this.#tell();
    this.#isDue = true;
  }

  /** Another release of the same service takes over: this one leaves everything as it is. */
  supersede(by: string): void {
    if (this.#isSuperseded) return;
    this.#isSuperseded = true;
    this.#gate = null;
    const { phase } = this.#machine.state;
    if (phase !== "succeeded" && phase !== "rolledBack") this.#record("stopped", `superseded by ${by}`);
  }

  get #isPaused(): boolean {
    return this.#around.agenda.nowMs < this.#pausedUntilMs;
  }

  #secondsTo(ms: number): number {
    return Math.round(ms - this.#around.agenda.nowMs) / 1000;
  }

  #needsStep(): boolean {
    if (this.#isSuperseded || this.#isPaused) return false;
    const { agenda, fleet } = this.#around;
    return this.#isDue || this.#seenVersion !== fleet.version || this.nextWakeup() <= agenda.nowMs;
  }

  /** Takes the measurement that is due, and tells the machine where the gate has come to an end. */
  #judge(): void {
    const { agenda, monitor, record } = this.#around;
    const gate = this.#gate;
    if (gate === null || gate.nextWakeup() > agenda.nowMs) return;
    const state = this.#machine.state;
    assert(state.phase === "baking" && state.analysis !== null, "a gate is at work only where its state asked for it");
    const analysis = this.#around.plan.analyses[state.analysis]!.name;
    const { measurements, result } = gate.measure(gate.nextWakeup(), (metric, overMs, atMs, of) =>
      monitor.measure(metric, overMs, atMs, of),
    );
    for (const measurement of measurements) record({ kind: "measurement", analysis, ...measurement });
    if (result === null) return;
    record({ kind: "gate", analysis, result });
    this.#machine.judged(agenda.nowMs, result);
    this.#tell();
    if (result === "failed") this.#around.onGateFailed();
  }

  /** Records the state where it is a new one, and sets up the gate that it asks for. */
  #tell(): void {
    const { state } = this.#machine;
    if (state === this.#told) return;
    const { agenda, plan } = this.#around;
    this.#told = state;
    this.#served = 0;
    this.#sinceMs = agenda.nowMs;
    const analysis = state.phase === "baking" ? state.analysis : null;
    this.#gate = analysis === null ? null : new Gate(plan.analyses[analysis]!, agenda.nowMs);
    this.#record(state.phase, state.detail);
  }

  /** The service as this release sees it. */
  #view(): InstanceView[] {
    return this.#push?.view(!isRollingBack(this.#machine.state)) ?? this.#around.fleet.view(this.version.service);
  }

  #act(action: RolloutAction): void {
    const { fleet, agenda } = this.#around;
    const push = this.#push;
    const isForward = !isRollingBack(this.#machine.state);
    switch (action.do) {
      case "start":
        if (push !== null) push.start(agenda.nowMs, action.variant, action.zone, isForward);
        else fleet.start(this.version.service, action.variant, action.zone);
        return;
      case "stop":
        if (push !== null) push.stop(agenda.nowMs, action.instance, isForward);
        else fleet.stop(action.instance);
        return;
      case "weight":
        this.#shift(action.weight);
        return;
      default:
        unreachable(action);
    }
  }

  #shift(weight: number | null): void {
    const { plan, discovery } = this.#around;
    const { service } = this.version;
    const { next, base } = this.#release;
    if (weight === null) {
      discovery.setWeights(service, null);
      return;
    }
    const weights = plan.services[service]!.variants.map(() => 0);
    weights[base] = 100 - weight;
    weights[next] = weight;
    discovery.setWeights(service, weights);
  }

  #record(phase: Phase, detail: string): void {
    this.#around.record({ kind: "rollout", version: this.version.name, phase, detail });
  }
}

/** Whether more will arrive without anybody's doing: restarts, drains, the next step. */
function isMoving(state: RolloutState): boolean {
  switch (state.phase) {
    case "progressing":
    case "baking":
    case "promoting":
    case "rollingBack":
      return true;
    case "paused":
      return !state.isForGood;
    case "held":
    case "succeeded":
    case "rolledBack":
      return false;
    default:
      return unreachable(state);
  }
}
