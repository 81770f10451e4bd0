import fc from "fast-check";
import { expect, test } from "vitest";
import type { InstanceView } from "../../harness/rollout/fleet-view.ts";
import { firstToStop, zonesOfNext } from "../../harness/rollout/placement.ts";

const instance = (id: number, zone: number): InstanceView => ({ id, variant: 0, zone, life: "ready", readySinceMs: 0 });

test("a few instances are spread in proportion to the zones", () => {
  expect(zonesOfNext(3, [], [12, 9, 9])).toEqual([0, 1, 2]);
  expect(zonesOfNext(2, [], [1, 9])).toEqual([1, 1]);
  expect(zonesOfNext(2, [instance(0, 0)], [2, 2])).toEqual([1, 0]);
  expect(zonesOfNext(2, [], [0, 2])).toEqual([1, 1]);
});

test("the full number is exactly what the zones shall have", () => {
  const zones = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(zones, (replicasPerZone) => {
      const total = replicasPerZone.reduce((a, b) => a + b, 0);
      const placed = zonesOfNext(total, [], replicasPerZone);
      expect(replicasPerZone.map((_, zone) => placed.filter((each) => each === zone).length)).toEqual(replicasPerZone);
    }),
  );
});

test("the fullest zone gives first, there the lowest id", () => {
  const running = [instance(0, 0), instance(1, 1), instance(2, 1), instance(3, 0), instance(4, 1)];
  expect(firstToStop(3, running, running, [2, 2]).map(({ id }) => id)).toEqual([1, 0, 2]);
});
