import { describe, expect, it } from "vitest";
import { OK } from "../../harness/model/outcome.ts";
import { ANSWER, Messages } from "../../harness/sim/messages.ts";
import { Network, NOBODY } from "../../harness/sim/network.ts";
import { fleetPlan } from "../actor/fleet-plan.ts";
import { variantPlan } from "../service/variant-plan.ts";

const ZONES = {
  zones: ["north", "south"],
  networkMs: [
    [1, 20],
    [30, 2],
  ],
};

const instance = { id: 4, generation: 0, service: 0, variant: 0, zone: 1 };

describe("the network", () => {
  it("finds the living incarnation of an instance, and no other", () => {
    const network = new Network(fleetPlan([variantPlan([])], ZONES));
    expect(network.addressOf(4)).toBe(NOBODY);
    const first = network.reserve(1);
    network.listen(instance, first);
    expect([network.addressOf(4), network.addressOfGeneration(4, 0), network.addressOfGeneration(4, 1)]).toEqual([
      first,
      first,
      NOBODY,
    ]);
    network.forget(4);
    expect([network.addressOf(4), network.addressOfGeneration(4, 0)]).toEqual([NOBODY, NOBODY]);
    const second = network.reserve(1);
    network.listen({ ...instance, generation: 1 }, second);
    expect([network.addressOfGeneration(4, 0), network.addressOfGeneration(4, 1)]).toEqual([NOBODY, second]);
    expect(second).not.toBe(first);
    expect([network.serviceOf(4), network.zoneOf(4)]).toEqual([0, 1]);
  });

  it("takes the time from the one zone to the other, and none from or to outside", () => {
    const network = new Network(fleetPlan([variantPlan([])], ZONES));
    const arrivalOf = (from: number, to: number): number => {
      network.carry(network.messages.allocate(), from, to);
      const dueMs = network.lanes.earliest();
      network.lanes.shift();
      return dueMs;
    };
    network.nowMs = 100;
    const zones = [-1, 0, 1];
    expect(zones.map((from) => zones.map((to) => arrivalOf(from, to)))).toEqual([
      [100, 100, 100],
      [100, 101, 120],
      [100, 130, 102],
    ]);
  });

  it("carries no answer to the dead", () => {
    const network = new Network(fleetPlan([variantPlan([])], ZONES));
    const address = network.reserve(1);
    network.listen(instance, address);
    network.forget(4);
    network.answer(0, address, 1, 1, OK, false, 0, OK, 0, 0);
    expect(network.lanes.earliest()).toBe(Infinity);
  });
});

describe("messages", () => {
  it("keep what they say when there are more than ever before, and slots are used again", () => {
    const messages = new Messages();
    const all = Array.from({ length: 1000 }, () => messages.allocate());
    expect(new Set(all).size).toBe(1000);
    for (const message of all) {
      messages.kind[message] = ANSWER;
      messages.fourth[message] = message;
      messages.deadlineMs[message] = message / 2;
    }
    for (const message of all.slice(0, 10)) messages.free(message);
    expect(Array.from({ length: 10 }, () => messages.allocate())).toEqual(all.slice(0, 10));
    for (let more = 0; more < 2000; more++) messages.allocate();
    expect(
      all.every((message) => messages.fourth[message] === message && messages.deadlineMs[message] === message / 2),
    ).toBe(true);
  });
});
