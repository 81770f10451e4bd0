// How callers learn where to send: every change of endpoints or weights reaches them one discovery delay later,
// exactly as it was when it was made.
import type { Plan } from "../model/plan.ts";
import type { Agenda } from "./agenda.ts";
import type { FleetPort } from "./fleet-port.ts";
import type { Route } from "../model/route.ts";
import type { FleetState } from "./fleet-state.ts";
import { isEndpoint } from "./instance-life.ts";

interface Announcement {
  readonly dueMs: number;
  route: Route;
}

export class Discovery {
  readonly #plan: Plan;
  readonly #port: FleetPort;
  readonly #agenda: Agenda;
  readonly #fleet: FleetState;
  /** By service: weights by variant index as decided, and as callers have them. */
  readonly #decided: (readonly number[] | null)[];
  readonly #known: (readonly number[] | null)[];
  /** By service: announcements on their way, in order. */
  readonly #onTheWay: Announcement[][];

  constructor(plan: Plan, port: FleetPort, agenda: Agenda, fleet: FleetState) {
    this.#plan = plan;
    this.#port = port;
    this.#agenda = agenda;
    this.#fleet = fleet;
    this.#decided = plan.services.map(() => null);
    this.#known = plan.services.map(() => null);
    this.#onTheWay = plan.services.map(() => []);
  }

  /** The routes of the initial fleet, known at once. */
  begin(): void {
    this.#plan.services.forEach((_, service) => this.#publish(this.#routeOf(service)));
  }

  /** The endpoints of a service are others than before. Several changes at one instant travel together. */
  changed(service: number): void {
    const onTheWay = this.#onTheWay[service]!;
    const dueMs = this.#agenda.nowMs + this.#plan.discoveryDelayMs;
    const route = this.#routeOf(service);
    const latest = onTheWay.at(-1);
    if (latest?.dueMs === dueMs) {
      latest.route = route;
      return;
    }
    onTheWay.push({ dueMs, route });
    this.#agenda.at(dueMs, () => this.#publish(onTheWay.shift()!.route));
  }

  /** Weights (0..100) by variant index; null = every endpoint counts alike. */
  setWeights(service: number, weights: readonly number[] | null): void {
    this.#decided[service] = weights;
    this.changed(service);
  }

  #routeOf(service: number): Route {
    const endpoints = this.#fleet
      .of(service)
      .filter(({ life }) => isEndpoint(life))
      .map(({ ref }) => ref);
    return { service, endpoints, weights: this.#decided[service]! };
  }

  #publish(route: Route): void {
    const before = this.#known[route.service]!;
    this.#known[route.service] = route.weights;
    this.#port.route(route);
    route.weights?.forEach((weight, variant) => {
      // The stable version's weight is what the others leave; without weights nobody is told apart.
      if (variant === 0 || weight === (before?.[variant] ?? 0)) return;
      const { name, variants } = this.#plan.services[route.service]!;
      const { version } = variants[variant]!;
      this.#port.record({ atMs: this.#agenda.nowMs, kind: "weight", service: name, version, weight });
    });
  }
}
