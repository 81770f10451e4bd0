// One bucket out of the buckets that several processes closed for the same second: everything adds up, users
// are united.
import { assert } from "../core/assert.ts";
import { packedArray } from "../core/packed-array.ts";
import { BIN_COUNT } from "./bins.ts";
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
    badUsers: merge(a.badUsers, b.badUsers, byUsersRow, uniteUsers),
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
export function eachUser(row: readonly number[], visit: (user: number) => void): void {
  let user = 0;
  for (let at = 1; at < row.length; at++) {
    user += row[at]!;
    visit(user);
  }
}

function mergePairs(a: SparseRows, b: SparseRows): SparseRows {
  return merge(a, b, byRow, addPairs);
}

type Row = readonly number[];

/** The rows of both, each of which is in this order; what stands at the same place in both is joined. */
function merge(
  a: SparseRows,
  b: SparseRows,
  order: (a: Row, b: Row) => number,
  join: (a: Row, b: Row) => Row,
): SparseRows {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  const merged: Row[] = [];
  let inA = 0;
  let inB = 0;
  while (inA < a.length && inB < b.length) {
    const difference = order(a[inA]!, b[inB]!);
    if (difference === 0) merged.push(join(a[inA++]!, b[inB++]!));
    else merged.push(difference < 0 ? a[inA++]! : b[inB++]!);
  }
  while (inA < a.length) merged.push(a[inA++]!);
  while (inB < b.length) merged.push(b[inB++]!);
  return merged;
}

function byRow(a: Row, b: Row): number {
  return a[0]! - b[0]!;
}

/** The same, of rows that hold integers alone: code that reads both kinds makes V8 turn these into the other. */
function byUsersRow(a: Row, b: Row): number {
  return a[0]! - b[0]!;
}

/** A row while it is added up; a slice of it is as long as it must be. */
const SUM = packedArray(1 + 2 * BIN_COUNT, 0.5);

/** `[row, column, value, …]` of both, columns ascending; bins are the most that there can be of them. */
function addPairs(a: Row, b: Row): Row {
  SUM[0] = a[0]!;
  let end = 1;
  let inA = 1;
  let inB = 1;
  while (inA < a.length && inB < b.length) {
    const difference = a[inA]! - b[inB]!;
    if (difference < 0) {
      SUM[end++] = a[inA]!;
      SUM[end++] = a[inA + 1]!;
    } else {
      SUM[end++] = b[inB]!;
      SUM[end++] = difference === 0 ? a[inA + 1]! + b[inB + 1]! : b[inB + 1]!;
    }
    if (difference <= 0) inA += 2;
    if (difference >= 0) inB += 2;
  }
  for (; inA < a.length; inA++) SUM[end++] = a[inA]!;
  for (; inB < b.length; inB++) SUM[end++] = b[inB]!;
  return SUM.slice(0, end);
}

/** `[row, first, delta, …]` of both; neither is empty. All of it stays in integers, which V8 keeps in half the memory. */
function uniteUsers(a: Row, b: Row): Row {
  const united = [a[0]!];
  let inA = 1;
  let inB = 1;
  let userA = a[1]!;
  let userB = b[1]!;
  let last = 0;
  while (inA < a.length && inB < b.length) {
    const user = userA < userB ? userA : userB;
    united.push((user - last) | 0);
    last = user;
    if (userA === user && ++inA < a.length) userA += a[inA]!;
    if (userB === user && ++inB < b.length) userB += b[inB]!;
  }
  if (inA < a.length) pushUsers(united, userA - last, a, inA + 1);
  else if (inB < b.length) pushUsers(united, userB - last, b, inB + 1);
  return united;
}

/** A delta of its own, and then those of a row from `at` on. */
function pushUsers(users: number[], delta: number, row: Row, at: number): void {
  users.push(delta | 0);
  for (let from = at; from < row.length; from++) users.push(row[from]!);
}

function mergeOrigins(a: SparseRows, b: SparseRows): SparseRows {
  return merge(
    a,
    b,
    (one, other) => one[0]! - other[0]! || one[1]! - other[1]! || one[2]! - other[2]!,
    ([row, service, cause, count], other) => [row!, service!, cause!, count! + other[3]!],
  );
}
