// Users with a bad request, as they come bucket by bucket, in one piece of memory: in an outage they are most of what the
// judge is told.
import { grow } from "../core/grow.ts";
import type { SparseRows } from "../signals/bucket.ts";

/**
 * `[window, journeyRow, n, first, delta, …]` (n numbers from `first` on), again and again: the users of a bucket, each
 * once, ascending. Who has bad luck twice comes twice.
 */
export type BadUsers = Int32Array<ArrayBuffer>;

const HEAD = 3;

export class BadUserLog {
  #numbers: BadUsers = new Int32Array(1024);
  #length = 0;

  /** `rows` as they are in a bucket. */
  add(window: number, rows: SparseRows): void {
    for (const row of rows) {
      const end = this.#length + HEAD - 1 + row.length;
      if (end > this.#numbers.length) this.#numbers = grow(this.#numbers, Math.max(end, 2 * this.#numbers.length));
      const numbers = this.#numbers;
      numbers[this.#length] = window;
      numbers[this.#length + 1] = row[0]!;
      numbers[this.#length + 2] = row.length - 1;
      for (let at = 1; at < row.length; at++) numbers[this.#length + HEAD - 1 + at] = row[at]!;
      this.#length = end;
    }
  }

  /** A copy, as long as it must be. */
  badUsers(): BadUsers {
    return this.#numbers.slice(0, this.#length);
  }
}

/** Tells of each row in which the users of a bucket stand: at [from, to) of the numbers. */
export function eachRowOfUsers(
  badUsers: BadUsers,
  visit: (window: number, journeyRow: number, from: number, to: number) => void,
): void {
  for (let at = 0; at < badUsers.length;) {
    const from = at + HEAD;
    const to = from + badUsers[at + 2]!;
    visit(badUsers[at]!, badUsers[at + 1]!, from, to);
    at = to;
  }
}
