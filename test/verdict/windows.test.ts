import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CANCELLED, CAUSE_COUNT, OK } from "../../harness/model/outcome.ts";
import type { Bucket } from "../../harness/signals/bucket.ts";
import { EDGE, JOURNEY, SERVICE } from "../../harness/signals/columns.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import { eachUser, emptyBucket, mergeBuckets } from "../../harness/signals/merge.ts";
import { Tally } from "../../harness/signals/tally.ts";
import type { BadUsers } from "../../harness/verdict/bad-users.ts";
import { BadUserLog, eachRowOfUsers } from "../../harness/verdict/bad-users.ts";
import { valueIn } from "../../harness/verdict/window-table.ts";
import type { WindowSums } from "../../harness/verdict/windows.ts";
import {
  addToWindows,
  emptyWindowSums,
  WINDOW_EDGE,
  WINDOW_JOURNEY,
  WINDOW_SERVICE,
} from "../../harness/verdict/windows.ts";
import { note, write } from "../signals/notes.ts";
import { smallPlan } from "../signals/small-plan.ts";

const layout = layoutOf(smallPlan());
const WINDOWS = 3;

/** What happened in a bucket of one of the windows. */
const happened = fc.record({ window: fc.nat(WINDOWS - 1), notes: fc.array(note, { maxLength: 60 }) });

function closed(notes: Parameters<typeof write>[1]): Bucket {
  const tally = new Tally(layout);
  write(tally, notes);
  return tally.close(0);
}

function sparse(rows: Bucket["services"], row: number, column: number): number {
  const found = rows.find(([index]) => index === row) ?? [];
  for (let at = 1; at < found.length; at += 2) if (found[at] === column) return found[at + 1]!;
  return 0;
}

function expectWindow(sums: WindowSums, window: number, merged: Bucket): void {
  const causes = Array.from({ length: CAUSE_COUNT }, (_, cause) => cause);
  layout.serviceRows.forEach((_, row) => {
    const kept = Object.values(WINDOW_SERVICE).map((column) => valueIn(sums.services, window, row, column));
    const { ended, outcome, abandoned, abandonedOwn, inSystemMs } = SERVICE;
    const columns = [ended, outcome + OK, outcome + CANCELLED, abandoned, abandonedOwn, inSystemMs];
    expect(kept).toEqual(columns.map((column) => sparse(merged.services, row, column)));
  });
  layout.journeyRows.forEach((_, row) => {
    const kept = Object.values(WINDOW_JOURNEY).map((column) => valueIn(sums.journeys, window, row, column));
    const columns = [JOURNEY.sent, JOURNEY.ended, JOURNEY.outcome + OK];
    expect(kept).toEqual(columns.map((column) => sparse(merged.journeys, row, column)));
  });
  for (let edge = 0; edge < layout.edgeCount; edge++) {
    const of = (column: number): number => valueIn(sums.edges, window, edge, column);
    const { calls, attempts, latencyMs, abandonedWaiting, passed, attemptOwn } = WINDOW_EDGE;
    expect([calls, attempts, latencyMs, abandonedWaiting].map(of)).toEqual(
      [EDGE.calls, EDGE.attempts, EDGE.latencyMs, EDGE.abandonedWaiting].map((column) =>
        sparse(merged.edges, edge, column),
      ),
    );
    const block = (first: number): number[] => causes.map((cause) => sparse(merged.edges, edge, first + cause));
    expect(causes.map((cause) => of(attemptOwn + cause))).toEqual(block(EDGE.attemptOwn));
    expect(of(passed)).toBe(block(EDGE.attemptPassed).reduce((sum, count) => sum + count, 0));
  }
  for (let service = 0; service < layout.serviceCount; service++) {
    for (const cause of causes) {
      const mine = merged.origins.filter(([, at, why]) => at === service && why === cause);
      expect(valueIn(sums.origins, window, service, cause)).toBe(mine.reduce((sum, row) => sum + row[3]!, 0));
    }
  }
}

function usersOf(badUsers: BadUsers, window: number): number[] {
  const users = new Set<number>();
  eachRowOfUsers(badUsers, (at, journeyRow, bad) => {
    expect(journeyRow).toBe(0);
    if (at === window) for (const user of bad) users.add(user);
  });
  return [...users].sort((a, b) => a - b);
}

describe("the windows of a run", () => {
  it("hold of their buckets what the buckets merged would", () => {
    fc.assert(
      fc.property(fc.array(happened, { maxLength: 12 }), (buckets) => {
        const sums = emptyWindowSums(WINDOWS, layout);
        const log = new BadUserLog();
        const merged = Array.from({ length: WINDOWS }, () => emptyBucket(0));
        for (const { window, notes } of buckets) {
          const bucket = closed(notes);
          addToWindows(sums, window, bucket);
          log.add(window, bucket.badUsers);
          merged[window] = mergeBuckets(merged[window]!, bucket);
        }
        merged.forEach((bucket, window) => {
          expectWindow(sums, window, bucket);
          const users: number[] = [];
          for (const row of bucket.badUsers) eachUser(row, (user) => users.push(user));
          expect(usersOf(log.badUsers(), window)).toEqual(users);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("are empty where there is no such window or row", () => {
    const sums = emptyWindowSums(WINDOWS, layout);
    sums.services.values.fill(7);
    expect(valueIn(sums.services, 1, 0, 0)).toBe(7);
    for (const [window, row] of [
      [-1, 0],
      [WINDOWS, 0],
      [1, -1],
    ] as const)
      expect(valueIn(sums.services, window, row, 0)).toBe(0);
    // It would be the next window's first.
    expect(() => valueIn(sums.services, 1, layout.serviceRows.length, 0)).toThrow("the row is one of the table");
  });

  it("remember whom failures hit, however many they are, once in a window", () => {
    const log = new BadUserLog();
    const row = Array.from({ length: 5_000 }, (_, at) => (at === 0 ? 2 : 1));
    log.add(4, [row]);
    log.add(4, [
      [0, 9],
      [2, 0, 7],
    ]);
    log.add(4, [row]);
    log.add(5, [[0, 0x7fffffff]]);
    const seen: number[][] = [];
    eachRowOfUsers(log.badUsers(), (window, journeyRow, users) => {
      seen.push([window, journeyRow, users.length, users[0]!, users.at(-1)!]);
    });
    expect(seen).toEqual([
      [4, 2, 5_000, 0, 4_999],
      [4, 0, 1, 9, 9],
      [5, 0, 1, 0x7fffffff, 0x7fffffff],
    ]);
  });
});
