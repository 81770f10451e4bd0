// Who arrives: the users of an open load, and which of them were seen before.
import { grow } from "../core/grow.ts";
import { hashText, unit } from "../core/key.ts";
import type { LoadPlan } from "../model/load-plan.ts";

const INITIAL_WORDS = 64;

export class Users {
  readonly #users: number | null;
  readonly #seed: number;
  readonly #purpose: number;
  /** A bit per user who was seen; unused where each arrival is a user of its own. */
  #seen = new Int32Array(INITIAL_WORDS);

  constructor(plan: LoadPlan, seed: number) {
    this.#users = plan.users;
    this.#seed = seed | 0;
    this.#purpose = hashText(`load/${plan.name}/users`);
  }

  /** The user of the n-th arrival, from 0 to below the population; n itself where each arrival is a user of its own. */
  of(arrival: number): number {
    if (this.#users === null) return arrival;
    return Math.floor(unit(this.#seed, arrival, this.#purpose) * this.#users);
  }

  /** Whether this user is seen for the first time since `forget`; marks it as seen. */
  firstSeen(user: number): boolean {
    if (this.#users === null) return true;
    const word = user >>> 5;
    const bit = 1 << (user & 31);
    if (word >= this.#seen.length) this.#seen = grow(this.#seen, Math.max(word + 1, this.#seen.length * 2));
    if ((this.#seen[word]! & bit) !== 0) return false;
    this.#seen[word]! |= bit;
    return true;
  }

  /** At the end of the warm-up: nobody was seen yet. */
  forget(): void {
    this.#seen.fill(0);
  }
}
