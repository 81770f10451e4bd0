// Who of a load's people may act, when remedies say that not all may.
import { describe, expect, it } from "vitest";
import { Door } from "../../harness/load/door.ts";
import { OK, REFUSED, SHED } from "../../harness/model/outcome.ts";

const PEOPLE = Array.from({ length: 10_000 }, (_, user) => user);

function admitted(door: Door, nowMs: number, service = 0): Set<number> {
  return new Set(PEOPLE.filter((user) => door.judge(nowMs, user, service) === OK));
}

/** Four standard errors of a share of all people. */
function tolerance(share: number): number {
  return 4 * Math.sqrt(share * (1 - share) * PEOPLE.length);
}

describe("a door", () => {
  it("lets everybody in, until it is told otherwise", () => {
    const door = new Door("people", 1);
    expect(admitted(door, 0).size).toBe(PEOPLE.length);
    expect(door.isQuiet(0)).toBe(false);
  });

  it("lets in the share that it is told, always the same people, and more of them later", () => {
    const door = new Door("people", 1);
    door.obey(1000, { do: "admit", load: 0, share: 0.2, overMs: 0 });
    const fifth = admitted(door, 1000);
    expect(Math.abs(fifth.size - 2000)).toBeLessThan(tolerance(0.2));
    expect(admitted(door, 900_000)).toEqual(fifth);
    expect(PEOPLE.filter((user) => door.judge(1000, user, 0) === SHED)).toHaveLength(PEOPLE.length - fifth.size);
    door.obey(2000, { do: "admit", load: 0, share: 1, overMs: 10_000 });
    const later = admitted(door, 7000);
    expect(Math.abs(later.size - 6000)).toBeLessThan(tolerance(0.6));
    expect(fifth.isSubsetOf(later)).toBe(true);
    expect(admitted(door, 12_000).size).toBe(PEOPLE.length);
  });

  it("refuses whom a firewall keeps out of a service, and lets them in again one after the other", () => {
    const door = new Door("people", 1);
    door.obey(0, { do: "disconnect", service: 3, readmitFromMs: 60_000, readmitOverMs: 100_000 });
    expect(PEOPLE.every((user) => door.judge(59_999, user, 3) === REFUSED)).toBe(true);
    expect(admitted(door, 0, 4).size).toBe(PEOPLE.length);
    const first = admitted(door, 85_000, 3);
    expect(Math.abs(first.size - 2500)).toBeLessThan(tolerance(0.25));
    expect(first.isSubsetOf(admitted(door, 110_000, 3))).toBe(true);
    expect(admitted(door, 160_000, 3).size).toBe(PEOPLE.length);
  });

  it("keeps everybody quiet for as long as it is told", () => {
    const door = new Door("people", 1);
    door.obey(0, { do: "pause", load: 0, untilMs: 5000 });
    expect([door.isQuiet(4999), door.isQuiet(5000)]).toEqual([true, false]);
  });
});
