// How many instances of each service there shall be: as the plan has it, until somebody changes it.
import type { Plan } from "../model/plan.ts";

export class Sizes {
  readonly #replicas: (readonly number[])[];

  constructor(plan: Plan) {
    this.#replicas = plan.services.map(({ replicasPerZone }) => replicasPerZone);
  }

  /** By zone index. */
  of(service: number): readonly number[] {
    return this.#replicas[service]!;
  }

  /** Rollouts that begin later bring the service to this size. */
  set(service: number, replicasPerZone: readonly number[]): void {
    this.#replicas[service] = replicasPerZone;
  }
}
