// One bucket out of the buckets that several processes closed for the same second: everything adds up, users
// are united.
import { assert } from "../core/assert.ts";
import type { Bucket, SparseRows } from "./bucket.ts";

export function mergeBuckets(a: Bucket, b: Bucket): Bucket {
  assert(a.index === b.index, "only buckets of the same second merge");
  return {
    index: a.index,
    services: mergePairs(a.services, b.services),
    edges: mergePairs(a.edges, b.edges),
    journeys: mergePairs(a.journeys, b.journeys),
    faults: mergePairs(a.faults, b.faults),
    serviceLatency: mergePairs(a.serviceLatency, b.serviceLatency),
    edgeLatency: mergePairs(a.edgeLatency, b.edgeLatency),
    journeyLatency: mergePairs(a.journeyLatency, b.journeyLatency),
    origins: mergeOrigins(a.origins, b.origins),
    badUsers: mergeByRow(a.badUsers, b.badUsers, uniteUsers),
    missing: a.missing + b.missing,
  };
}

/** An empty bucket: a second in which nothing was counted. */
export function emptyBucket(index: number, missing = 0): Bucket {
  return {
    index,
    services: [],
    edges: [],
    journeys: [],
    faults: [],
    serviceLatency: [],
    edgeLatency: [],
    journeyLatency: [],
    origins: [],
    badUsers: [],
    missing,
  };
}

/** The users of a badUsers row, ascending: its deltas summed up. */
export function* usersOf(row: readonly number[]): Generator<number> {
  let user = 0;
  for (let at = 1; at < row.length; at++) {
    user += row[at]!;
    yield user;
  }
}

function mergePairs(a: SparseRows, b: SparseRows): SparseRows {
  return mergeByRow(a, b, addPairs);
}

/** Rows of both tables in row order; rows that both have are joined. */
function mergeByRow(
  a: SparseRows,
  b: SparseRows,
  join: (a: readonly number[], b: readonly number[]) => number[],
): SparseRows {
  const merged: (readonly number[])[] = [];
  let inA = 0;
  let inB = 0;
  while (inA < a.length && inB < b.length) {
    const difference = a[inA]![0]! - b[inB]![0]!;
    if (difference === 0) merged.push(join(a[inA++]!, b[inB++]!));
    else merged.push(difference < 0 ? a[inA++]! : b[inB++]!);
  }
  return [...merged, ...a.slice(inA), ...b.slice(inB)];
}

/** `[row, column, value, …]` of both, columns ascending. */
function addPairs(a: readonly number[], b: readonly number[]): number[] {
  const sum = [a[0]!];
  let inA = 1;
  let inB = 1;
  while (inA < a.length || inB < b.length) {
    const columnA = a[inA] ?? Infinity;
    const columnB = b[inB] ?? Infinity;
    let value = 0;
    if (columnA <= columnB) {
      value += a[inA + 1]!;
      inA += 2;
    }
    if (columnB <= columnA) {
      value += b[inB + 1]!;
      inB += 2;
    }
    sum.push(Math.min(columnA, columnB), value);
  }
  return sum;
}

function uniteUsers(a: readonly number[], b: readonly number[]): number[] {
  const users = [...new Set([...usersOf(a), ...usersOf(b)])].sort((one, other) => one - other);
  return [a[0]!, ...users.map((user, at) => (at === 0 ? user : user - users[at - 1]!))];
}

function mergeOrigins(a: SparseRows, b: SparseRows): SparseRows {
  const counts = new Map<string, number[]>();
  for (const row of [...a, ...b]) {
    const key = row.slice(0, 3).join();
    const known = counts.get(key);
    if (known === undefined) counts.set(key, [...row]);
    else known[3]! += row[3]!;
  }
  return [...counts.values()].sort((one, other) => one[0]! - other[0]! || one[1]! - other[1]! || one[2]! - other[2]!);
}
