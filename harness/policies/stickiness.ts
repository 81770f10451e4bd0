// Which instance each user is attached to: the one that answered last, until the connection to it breaks or it leaves.
// A restarted instance is another one: its connections died with the generation before.
import { grow } from "../core/grow.ts";

const NOBODY = -1;
const INITIAL_USERS = 64;

export class Stickiness {
  /** By user: instance id, or NOBODY, and its generation. */
  #instances = new Int32Array(INITIAL_USERS).fill(NOBODY);
  #generations = new Int32Array(INITIAL_USERS);
  /** Which instance took over from which. */
  readonly #heirs = new Map<number, number>();

  /** The instance that the user is attached to; −1 = none. */
  instanceOf(user: number): number {
    if (user >= this.#instances.length) return NOBODY;
    if (this.#heirs.size > 0) this.#handOver(user);
    return this.#instances[user]!;
  }

  /** Whoever was attached to the one instance is from now on attached to the other, which took over its connections. */
  inherit(from: number, heir: number): void {
    this.#heirs.set(from, heir);
  }

  /** The generation of that instance. */
  generationOf(user: number): number {
    return user < this.#generations.length ? this.#generations[user]! : 0;
  }

  attach(user: number, instance: number, generation: number): void {
    if (user >= this.#instances.length) this.#growTo(user + 1);
    this.#instances[user] = instance;
    this.#generations[user] = generation;
  }

  detach(user: number): void {
    if (user < this.#instances.length) this.#instances[user] = NOBODY;
  }

  #handOver(user: number): void {
    for (;;) {
      const heir = this.#heirs.get(this.#instances[user]!);
      if (heir === undefined) return;
      this.#instances[user] = heir;
      this.#generations[user] = 0;
    }
  }

  #growTo(users: number): void {
    const known = this.#instances.length;
    const size = Math.max(users, known * 2);
    this.#instances = grow(this.#instances, size).fill(NOBODY, known);
    this.#generations = grow(this.#generations, size);
  }
}
