import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binMiddleMs, binOf } from "../../harness/signals/bins.ts";
import type { Bucket, SparseRows } from "../../harness/signals/bucket.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import { eachUser, emptyBucket, mergeBuckets } from "../../harness/signals/merge.ts";
import { Tally } from "../../harness/signals/tally.ts";
import type { Note } from "./notes.ts";
import { note, write } from "./notes.ts";
import { smallPlan } from "./small-plan.ts";

const layout = layoutOf(smallPlan());

/** The slow and obvious twin: a map from place to sum. */
function twin(notes: readonly Note[]): { sums: Map<string, number>; users: number[] } {
  const sums = new Map<string, number>();
  const users = new Set<number>();
  const add = (key: string, value: number): void => void sums.set(key, (sums.get(key) ?? 0) + value);
  for (const each of notes) {
    if (each.to === "latency") add(`latency ${each.row} ${binOf(each.ms)}`, 1);
    else if (each.to === "bad") {
      add(`origin ${each.service} ${each.cause}`, 1);
      users.add(each.user);
    } else add(`${each.to} ${each.row} ${each.column}`, each.value);
  }
  return { sums, users: [...users].sort((a, b) => a - b) };
}

function unfolded(bucket: Bucket): { sums: Map<string, number>; users: number[] } {
  const sums = new Map<string, number>();
  const rows = (name: string, table: SparseRows): void => {
    for (const row of table)
      for (let at = 1; at < row.length; at += 2) sums.set(`${name} ${row[0]} ${row[at]}`, row[at + 1]!);
  };
  rows("services", bucket.services);
  rows("edges", bucket.edges);
  rows("journeys", bucket.journeys);
  rows("latency", bucket.serviceLatency);
  for (const [, service, cause, count] of bucket.origins) sums.set(`origin ${service} ${cause}`, count!);
  const users: number[] = [];
  for (const row of bucket.badUsers) eachUser(row, (user) => users.push(user));
  return { sums, users };
}

describe("the tally of a bucket", () => {
  it("closes into exactly the sums that were written, and starts the next bucket empty", () => {
    fc.assert(
      fc.property(fc.array(note, { maxLength: 200 }), fc.array(note, { maxLength: 50 }), (first, second) => {
        const tally = new Tally(layout);
        write(tally, first);
        expect(unfolded(tally.close(0))).toEqual(twin(first));
        write(tally, second);
        expect(unfolded(tally.close(1))).toEqual(twin(second));
        expect(tally.close(2)).toEqual(emptyBucket(2));
      }),
    );
  });

  it("gives the same bucket whether one process counted or two whose buckets are merged", () => {
    fc.assert(
      fc.property(fc.array(note, { maxLength: 100 }), fc.array(note, { maxLength: 100 }), (first, second) => {
        const [one, other, both] = [new Tally(layout), new Tally(layout), new Tally(layout)];
        write(one, first);
        write(other, second);
        write(both, [...first, ...second]);
        const [a, b] = [one.close(5), other.close(5)];
        expect(mergeBuckets(a, b)).toEqual(both.close(5));
        expect(mergeBuckets(b, a)).toEqual(mergeBuckets(a, b));
        expect(mergeBuckets(a, emptyBucket(5))).toEqual(a);
      }),
    );
  });

  it("adds up the actors whose numbers are missing", () => {
    expect(mergeBuckets(emptyBucket(0, 1), emptyBucket(0, 2)).missing).toBe(3);
  });
});

describe("a latency bin", () => {
  it("holds its own middle, and its middle is within 0.8 % of what falls into it", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 4_000_000, noNaN: true }), (ms) => {
        const middle = binMiddleMs(binOf(ms));
        expect(binOf(middle)).toBe(binOf(ms));
        expect(Math.abs(middle - ms) / ms).toBeLessThan(0.008);
      }),
    );
  });
});
