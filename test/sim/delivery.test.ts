import { expect, it } from "vitest";
import { REFUSED } from "../../harness/model/outcome.ts";
import { Delivery } from "../../harness/sim/delivery.ts";
import { ANSWER, REQUEST } from "../../harness/sim/messages.ts";
import { Network, NOBODY } from "../../harness/sim/network.ts";
import { fleetPlan } from "../actor/fleet-plan.ts";
import { variantPlan } from "../service/variant-plan.ts";

/** A network with a listener in the south that is dead, and a caller of no kind in the north. */
function network(): { network: Network; dead: number } {
  const delays = [
    [1, 20],
    [30, 2],
  ];
  const network = new Network(fleetPlan([variantPlan([])], { zones: ["north", "south"], networkMs: delays }));
  network.reserve(0);
  // What it is does not matter: it is never told anything here.
  network.actors[0] = {} as NonNullable<(typeof network.actors)[number]>;
  const dead = network.reserve(1);
  network.listen({ id: 4, generation: 0, service: 0, variant: 0, zone: 1 }, dead);
  network.forget(4);
  return { network, dead };
}

function request(network: Network, to: number): number {
  const { messages } = network;
  const message = messages.allocate();
  messages.kind[message] = REQUEST;
  messages.to[message] = to;
  messages.target[message] = 4;
  messages.caller[message] = 0;
  messages.attempt[message] = 7;
  messages.serial[message] = 3;
  return message;
}

it("a request to nobody, or to the dead, is refused, which takes its time on the way back", () => {
  for (const isKnownDead of [true, false]) {
    const { network: net, dead } = network();
    expect(new Delivery(net).deliver(request(net, isKnownDead ? NOBODY : dead))).toBe(NOBODY);
    expect(net.lanes.earliest()).toBe(30);
    const answer = net.lanes.shift();
    const { messages } = net;
    const { kind, to, attempt, serial, small } = messages;
    expect([kind[answer], to[answer], attempt[answer], serial[answer], small[answer]]).toEqual([
      ANSWER,
      0,
      7,
      3,
      REFUSED,
    ]);
  }
});

it("a message that was delivered is forgotten", () => {
  const { network: net, dead } = network();
  const message = request(net, dead);
  new Delivery(net).deliver(message);
  const answer = net.lanes.earliest() < Infinity ? net.lanes.shift() : -1;
  expect([net.messages.allocate(), answer]).toEqual([message, message + 1]);
});
