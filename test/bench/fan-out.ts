// Graphs of any size in the shape of graph20: an entry that calls every middle service together, and each of those its
// share of the leaves together. As isotope topologies, so that one converter gives all of them the same work.
import { assert } from "../../harness/core/assert.ts";
import type { Isotope } from "./isotope.ts";

/** `leaves` is at most the leaves of one middle service; the last ones get what is left, or none. */
export function fanOut(services: number, middles: number, leaves: number, replicas: number): Isotope {
  const left = services - 1 - middles;
  assert(left >= 0 && left <= middles * leaves, "every service has somebody who calls it");
  const middle = Array.from({ length: middles }, (_, index) => {
    const count = Math.max(0, Math.min(leaves, left - index * leaves));
    return { name: `middle-${index + 1}`, leaves: names("leaf", index * leaves, count) };
  });
  const together = (callees: readonly string[]) => (callees.length === 0 ? [] : [callees.map((call) => ({ call }))]);
  return {
    defaults: { numReplicas: replicas },
    services: [
      { name: "entry", isEntrypoint: true, script: together(middle.map(({ name }) => name)) },
      ...middle.map(({ name, leaves }) => ({ name, script: together(leaves) })),
      ...names("leaf", 0, left).map((name) => ({ name })),
    ],
  };
}

function names(kind: string, from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${from + index + 1}`);
}
