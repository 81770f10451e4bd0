// What may happen in a bucket of the small plan, for tests of what becomes of it.
import fc from "fast-check";
import { CAUSE_COUNT } from "../../harness/model/outcome.ts";
import { EDGE_WIDTH, JOURNEY_WIDTH, SERVICE_WIDTH } from "../../harness/signals/columns.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import type { Tally } from "../../harness/signals/tally.ts";
import { smallPlan } from "./small-plan.ts";

const layout = layoutOf(smallPlan());

export type Note =
  | {
      readonly to: "services" | "edges" | "journeys";
      readonly row: number;
      readonly column: number;
      readonly value: number;
    }
  | { readonly to: "latency"; readonly row: number; readonly ms: number }
  | { readonly to: "bad"; readonly user: number; readonly service: number; readonly cause: number };

const cell = (to: "services" | "edges" | "journeys", rows: number, width: number): fc.Arbitrary<Note> =>
  fc.record({
    to: fc.constant(to),
    row: fc.nat(rows - 1),
    column: fc.nat(width - 1),
    value: fc.integer({ min: 1, max: 50 }),
  });

export const note: fc.Arbitrary<Note> = fc.oneof(
  cell("services", layout.serviceRows.length, SERVICE_WIDTH),
  cell("edges", layout.edgeCount, EDGE_WIDTH),
  cell("journeys", layout.journeyRows.length, JOURNEY_WIDTH),
  fc.record({
    to: fc.constant("latency" as const),
    row: fc.nat(layout.serviceRows.length - 1),
    ms: fc.double({ min: 0.001, max: 60_000, noNaN: true }),
  }),
  fc.record({
    to: fc.constant("bad" as const),
    user: fc.oneof(fc.nat(30), fc.nat(0x7fffffff)),
    service: fc.nat(layout.serviceCount - 1),
    cause: fc.integer({ min: 1, max: CAUSE_COUNT - 1 }),
  }),
);

const WIDTH = { services: SERVICE_WIDTH, edges: EDGE_WIDTH, journeys: JOURNEY_WIDTH };

export function write(tally: Tally, notes: readonly Note[]): void {
  for (const each of notes) {
    if (each.to === "latency") tally.serviceLatency.record(each.row, each.ms);
    else if (each.to === "bad") tally.bad(0, each.user, each.service, each.cause);
    else tally[each.to][each.row * WIDTH[each.to] + each.column]! += each.value;
  }
}
