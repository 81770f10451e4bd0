// Is this value really a bucket of this plan? A recording may come from anywhere, and what reads it later indexes
// arrays with its numbers.
import { CAUSE_COUNT } from "../model/outcome.ts";
import { BIN_COUNT } from "../signals/bins.ts";
import { EDGE_WIDTH, FAULT_WIDTH, JOURNEY_WIDTH, SERVICE_WIDTH } from "../signals/columns.ts";
import type { Layout } from "../signals/layout.ts";

/** What is wrong with it, or null. `previous` is the index of the bucket before it, -1 for the first. */
export function bucketFlaw(value: unknown, layout: Layout, previous: number): string | null {
  if (!isRecord(value)) return "a bucket is an object";
  const { index, missing } = value;
  if (!isCount(index) || index <= previous) return `the bucket's index is not above ${previous}`;
  if (!isCount(missing)) return "the bucket's `missing` is not a count";
  const serviceRows = layout.serviceRows.length;
  const journeyRows = layout.journeyRows.length;
  return (
    pairsFlaw(value, "services", serviceRows, SERVICE_WIDTH) ??
    pairsFlaw(value, "edges", layout.edgeCount, EDGE_WIDTH) ??
    pairsFlaw(value, "journeys", journeyRows, JOURNEY_WIDTH) ??
    pairsFlaw(value, "faults", layout.faultCount, FAULT_WIDTH) ??
    pairsFlaw(value, "serviceLatency", serviceRows, BIN_COUNT) ??
    pairsFlaw(value, "edgeLatency", layout.edgeCount, BIN_COUNT) ??
    pairsFlaw(value, "journeyLatency", journeyRows, BIN_COUNT) ??
    originsFlaw(value["origins"], layout) ??
    usersFlaw(value["badUsers"], journeyRows)
  );
}

function pairsFlaw(bucket: Record<string, unknown>, name: string, rows: number, width: number): string | null {
  return rowsFlaw(bucket[name], name, rows, (row) => {
    if (row.length % 2 === 0) return false;
    for (let at = 1; at < row.length; at += 2)
      if (!isBelow(row[at], width) || !Number.isFinite(row[at + 1])) return false;
    return true;
  });
}

function originsFlaw(table: unknown, layout: Layout): string | null {
  return rowsFlaw(table, "origins", layout.journeyRows.length, (row) => {
    const [, service, cause, count] = row;
    return row.length === 4 && isBelow(service, layout.serviceCount) && isBelow(cause, CAUSE_COUNT) && isCount(count);
  });
}

function usersFlaw(table: unknown, journeyRows: number): string | null {
  return rowsFlaw(table, "badUsers", journeyRows, (row) => row.every(isCount));
}

function rowsFlaw(
  table: unknown,
  name: string,
  rows: number,
  isSound: (row: readonly unknown[]) => boolean,
): string | null {
  if (!Array.isArray(table)) return `the bucket's \`${name}\` is not a table`;
  for (const row of table as unknown[]) {
    if (!Array.isArray(row) || !isBelow(row[0], rows) || !isSound(row))
      return `the bucket's \`${name}\` has a row that cannot be`;
  }
  return null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isBelow(value: unknown, limit: number): boolean {
  return isCount(value) && value < limit;
}
