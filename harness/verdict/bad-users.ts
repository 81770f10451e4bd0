// Users with a bad request by measurement window, in one piece of memory: in an outage they are most of what the judge is
// told.
import { grow } from "../core/grow.ts";
import type { SparseRows } from "../signals/bucket.ts";
import { eachUser } from "../signals/merge.ts";

/** `[window, journeyRow, n, user, …]` (n users, ascending, each once), again and again. Users are numbered below 2³¹. */
export type BadUsers = Int32Array<ArrayBuffer>;

const HEAD = 3;

export class BadUserLog {
  readonly #log = new NumberList();
  /** The users of the window that is added to, by journey row, as they come. */
  readonly #open = new Map<number, NumberList>();
  #window = -1;

  /** `rows` as they are in a bucket. Buckets come in ascending order: a window is united when the next one begins. */
  add(window: number, rows: SparseRows): void {
    if (window !== this.#window) this.#close();
    this.#window = window;
    for (const row of rows) {
      const users = this.#open.get(row[0]!) ?? new NumberList();
      this.#open.set(row[0]!, users);
      eachUser(row, (user) => users.push(user));
    }
  }

  /** A copy, as long as it must be. */
  badUsers(): BadUsers {
    this.#close();
    return this.#log.all().slice();
  }

  #close(): void {
    for (const [journeyRow, users] of this.#open) {
      const ascending = users.all().sort().filter(isNew);
      for (const number of [this.#window, journeyRow, ascending.length]) this.#log.push(number);
      for (const user of ascending) this.#log.push(user);
    }
    this.#open.clear();
  }
}

/** Tells of the users of each window and journey row. */
export function eachRowOfUsers(
  badUsers: BadUsers,
  visit: (window: number, journeyRow: number, users: BadUsers) => void,
): void {
  for (let at = 0; at < badUsers.length;) {
    const from = at + HEAD;
    const to = from + badUsers[at + 2]!;
    visit(badUsers[at]!, badUsers[at + 1]!, badUsers.subarray(from, to));
    at = to;
  }
}

class NumberList {
  #numbers: BadUsers = new Int32Array(1024);
  #length = 0;

  push(number: number): void {
    if (this.#length === this.#numbers.length) this.#numbers = grow(this.#numbers, 2 * this.#length);
    this.#numbers[this.#length++] = number;
  }

  /** Not a copy. */
  all(): BadUsers {
    return this.#numbers.subarray(0, this.#length);
  }
}

function isNew(user: number, at: number, ascending: BadUsers): boolean {
  return at === 0 || user !== ascending[at - 1];
}
