// The runbook at work: carries out the remedies that responses ask for, beside rolling back.
import { assert, unreachable } from "../core/assert.ts";
import type { ClientOrder } from "../model/client-order.ts";
import type { Plan } from "../model/plan.ts";
import type { VersionPlan } from "../model/release-plan.ts";
import type { RemedyAction, RemedyPlan, ServiceChange } from "../model/remedy-plan.ts";
import { firstToStop, zonesOfNext } from "../rollout/placement.ts";
import { sum } from "../rollout/fleet-view.ts";
import type { Agenda } from "./agenda.ts";
import type { FleetPort } from "./fleet-port.ts";
import type { FleetState } from "./fleet-state.ts";
import { RestartRun } from "./restart-run.ts";

/** What remedies need of releases. */
export interface ReleaseControl {
  /** Pauses every release of a version. */
  readonly pause: (version: number, untilMs: number) => void;
  /** All instances of the service are replaced by the variant, the starts spread over a time. */
  readonly replace: (version: VersionPlan, overMs: number) => void;
  /** The variant that the service settles on as things stand. */
  readonly settledVariant: (service: number) => number;
}

export class Remedies {
  readonly #remedies: readonly RemedyPlan[];
  readonly #port: FleetPort;
  readonly #agenda: Agenda;
  readonly #fleet: FleetState;
  readonly #releases: ReleaseControl;
  #restarts: RestartRun[] = [];

  constructor(plan: Plan, port: FleetPort, agenda: Agenda, fleet: FleetState, releases: ReleaseControl) {
    this.#remedies = plan.remedies ?? [];
    this.#port = port;
    this.#agenda = agenda;
    this.#fleet = fleet;
    this.#releases = releases;
  }

  act(name: string): void {
    const remedy = this.#remedies.find((each) => each.name === name);
    assert(remedy !== undefined, `the compiler checked the action ${name}`);
    this.#act(remedy, name);
  }

  /** Goes on with what takes time, after the fleet has changed. */
  step(): void {
    if (this.#restarts.length === 0) return;
    for (const restart of this.#restarts) restart.step();
    this.#restarts = this.#restarts.filter((restart) => !restart.isOver);
  }

  #act(remedy: RemedyAction, name: string): void {
    const { nowMs } = this.#agenda;
    switch (remedy.do) {
      case "disconnect": {
        const { service, forMs, readmitOverMs } = remedy;
        return this.#order({ do: "disconnect", service, readmitFromMs: nowMs + forMs, readmitOverMs });
      }
      case "admit":
        return this.#order({ do: "admit", load: remedy.load, share: remedy.share, overMs: remedy.overMs });
      case "pauseLoad": {
        // A run is shorter than any whole number that JSON can carry; Infinity it cannot.
        const untilMs = remedy.forMs === null ? Number.MAX_SAFE_INTEGER : nowMs + remedy.forMs;
        return this.#order({ do: "pause", load: remedy.load, untilMs });
      }
      case "pauseRelease":
        return this.#releases.pause(remedy.version, remedy.forMs === null ? Infinity : nowMs + remedy.forMs);
      case "restart": {
        const { service, atOnce } = remedy;
        const replicas = sum(this.#fleet.sizes.of(service));
        const count = "count" in atOnce ? atOnce.count : Math.ceil(atOnce.ratio * replicas - 1e-9);
        this.#restarts.push(new RestartRun(this.#fleet, service, Math.max(1, count)));
        return this.step();
      }
      case "flush":
        return this.#flush(remedy.service);
      case "change":
        for (const change of remedy.changes) this.#change(change, name, remedy.overMs);
        return;
      default:
        unreachable(remedy);
    }
  }

  #order(order: ClientOrder): void {
    assert(this.#port.orderClients !== undefined, "an engine that runs a plan with remedies can carry them out");
    this.#port.orderClients(order);
  }

  #flush(service: number): void {
    assert(this.#port.order !== undefined, "an engine that runs a plan with caches can empty them");
    for (const { ref, life } of this.#fleet.of(service)) {
      const hasProcess = life.is === "ready" || life.is === "started" || (life.is === "starting" && life.isUp);
      if (hasProcess) this.#port.order(ref, { do: "flush" });
    }
  }

  #change({ service, variant, replicasPerZone }: ServiceChange, name: string, overMs: number): void {
    const before = this.#fleet.sizes.of(service);
    if (replicasPerZone !== null) this.#fleet.sizes.set(service, replicasPerZone);
    if (variant !== null) this.#releases.replace({ name, service, variant, isHarmless: true }, overMs);
    else if (replicasPerZone !== null) this.#resize(service, before, replicasPerZone, overMs);
  }

  /** Instances are started, or stopped, one after the other at even distances. */
  #resize(service: number, before: readonly number[], after: readonly number[], overMs: number): void {
    const steps = Math.abs(sum(after) - sum(before));
    for (let step = 0; step < steps; step++) {
      this.#agenda.at(this.#agenda.nowMs + (step * overMs) / steps, () => {
        const running = this.#fleet.view(service).filter(({ life }) => life !== "stopping");
        if (sum(after) > running.length) {
          const [zone] = zonesOfNext(1, running, after);
          this.#fleet.start(service, this.#releases.settledVariant(service), zone!);
        } else if (sum(after) < running.length) {
          const [surplus] = firstToStop(1, running, running, after);
          this.#fleet.stop(surplus!.id);
        }
      });
    }
  }
}
