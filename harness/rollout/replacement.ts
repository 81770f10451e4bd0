// A rollout without stages: the fleet is moved from one version to the other, and the same way back on rollback.
// Everywhere, recreate and rollingUpdate differ only in how they move it.
import { assert } from "../core/assert.ts";
import type { FleetView, InstanceView } from "./fleet-view.ts";
import { consistsOf, readyCount, runningOf, sum } from "./fleet-view.ts";
import type { GateResult, Release, RolloutAction, RolloutMachine, RolloutState } from "./rollout-machine.ts";
import { isRollingBack } from "./rollout-machine.ts";

/** A movement of the fleet to one version, from the instant it began. */
export interface Movement {
  /** Variant index that shall remain alone. */
  readonly target: number;
  readonly sinceMs: number;
  /** Instances of the target that ran when the movement began. */
  readonly already: number;
}

export interface Moves {
  readonly actions: readonly RolloutAction[];
  /** When to look again though nothing happens; Infinity = never. */
  readonly wakeMs: number;
}

/** Where a rollout forward comes to rest before it is complete: for good, at this share (0..1) of the instances. */
export interface Rest {
  readonly share: number;
  readonly detail: string;
}

/** What to do now for a movement; pure and level-triggered. */
export type Mover = (nowMs: number, movement: Movement, instances: readonly InstanceView[]) => Moves;

export class Replacement implements RolloutMachine {
  readonly #release: Release;
  readonly #replicas: number;
  readonly #move: Mover;
  readonly #rest: Rest | null;
  #movement: Movement | null = null;
  #wakeMs = -Infinity;
  #state: RolloutState;

  constructor(release: Release, how: string, move: Mover, { rest = null }: { readonly rest?: Rest | null } = {}) {
    this.#release = release;
    this.#replicas = sum(release.replicasPerZone);
    this.#move = move;
    this.#rest = rest;
    this.#state = { phase: "progressing", detail: how };
  }

  get state(): RolloutState {
    return this.#state;
  }

  step(nowMs: number, fleet: FleetView): readonly RolloutAction[] {
    if (this.#state.phase !== "progressing" && this.#state.phase !== "rollingBack") return [];
    this.#movement ??= this.#movementTo(this.#release.next, nowMs, fleet);
    const { actions, wakeMs } = this.#move(nowMs, this.#movement, fleet.instances);
    this.#wakeMs = wakeMs;
    const isDone =
      actions.length === 0 && wakeMs === Infinity && consistsOf(fleet.instances, this.#movement.target, this.#replicas);
    if (isDone) this.#arrive();
    else if (actions.length === 0 && wakeMs === Infinity) this.#settle(fleet);
    return actions;
  }

  judged(_nowMs: number, _result: GateResult): void {
    assert(false, "a rollout without stages asks for no gate");
  }

  rollBack(nowMs: number, fleet: FleetView): void {
    if (isRollingBack(this.#state)) return;
    this.#movement = this.#movementTo(this.#release.base, nowMs, fleet);
    this.#wakeMs = nowMs;
    this.#state = { phase: "rollingBack", detail: "back the same way" };
  }

  nextWakeup(): number {
    return this.#wakeMs;
  }

  #movementTo(target: number, sinceMs: number, fleet: FleetView): Movement {
    return { target, sinceMs, already: runningOf(fleet.instances, target).length };
  }

  /** A rollout that goes no further has come to rest when what it started is there, and what that replaced has gone. */
  #settle({ instances }: FleetView): void {
    if (this.#rest === null || this.#state.phase !== "progressing") return;
    const { next } = this.#release;
    const wanted = Math.ceil(this.#rest.share * this.#replicas - 1e-9);
    if (readyCount(runningOf(instances, next)) < wanted || instances.some(({ life }) => life === "stopping")) return;
    this.#state = { phase: "paused", detail: this.#rest.detail, isForGood: true };
  }

  #arrive(): void {
    this.#wakeMs = Infinity;
    this.#state =
      this.#state.phase === "rollingBack"
        ? { phase: "rolledBack", detail: "every instance runs the former version" }
        : { phase: "succeeded", detail: "every instance runs the new version" };
  }
}
