// Every pair of caller and callee that can occur: the rows of `calls.<a -> b>`, numbered as they are met.
import type { EdgePlan } from "../model/plan.ts";

export class Edges {
  readonly list: EdgePlan[] = [];
  readonly #index = new Map<string, number>();

  of(type: "service" | "load", caller: number, callee: number): number {
    const key = `${type} ${caller} ${callee}`;
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    const index = this.list.push({ caller: { type, index: caller }, callee }) - 1;
    this.#index.set(key, index);
    return index;
  }

  /** -1 where this caller never calls that service. */
  find(type: "service" | "load", caller: number, callee: number): number {
    return this.#index.get(`${type} ${caller} ${callee}`) ?? -1;
  }
}
