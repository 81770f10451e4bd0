// What becomes of a message that has arrived: its actor gets it, it waits for one that stands still, or nobody is there.
import type { LoadActor } from "../actor/load-actor.ts";
import type { ServiceActor } from "../actor/service-actor.ts";
import { REFUSED } from "../model/outcome.ts";
import { ANSWER, REQUEST } from "./messages.ts";
import { type Network, NOBODY } from "./network.ts";

export class Delivery {
  readonly #network: Network;
  /** Messages that wait for a paused actor, by address. */
  readonly #held = new Map<number, number[]>();

  constructor(network: Network) {
    this.#network = network;
  }

  /** Hands over a message. Returns the address of the actor that acted on it, or NOBODY. */
  deliver(message: number): number {
    const { messages, actors } = this.#network;
    const to = messages.to[message]!;
    const held = this.#held.size > 0 ? this.#held.get(to) : undefined;
    if (held !== undefined) {
      held.push(message);
      return NOBODY;
    }
    const kind = messages.kind[message]!;
    const { deaf } = this.#network;
    const actor = to === NOBODY || (deaf.size > 0 && kind === REQUEST && deaf.has(to)) ? null : actors[to]!;
    if (actor !== null) {
      if (kind === ANSWER) this.#answer(actor, message);
      else if (kind === REQUEST) this.#request(actor as ServiceActor, message);
      else this.#abandon(actor as ServiceActor, message);
    } else if (kind === REQUEST) this.#refuse(message);
    messages.free(message);
    return actor === null ? NOBODY : to;
  }

  /** From now on what is for this address waits. */
  hold(address: number): void {
    if (!this.#held.has(address)) this.#held.set(address, []);
  }

  /** What waited is handed over, in the order in which it came. */
  resume(address: number): void {
    const held = this.#held.get(address) ?? [];
    this.#held.delete(address);
    for (const message of held) this.deliver(message);
  }

  /** The actor that they waited for is dead. */
  refuseHeld(address: number): void {
    const { messages } = this.#network;
    for (const message of this.#held.get(address) ?? []) {
      if (messages.kind[message] === REQUEST) this.#refuse(message);
      messages.free(message);
    }
    this.#held.delete(address);
  }

  #request(actor: ServiceActor, message: number): void {
    const { messages, actors, nowMs } = this.#network;
    const caller = messages.caller[message]!;
    const attempt = messages.attempt[message]!;
    const serial = messages.serial[message]!;
    const visit = actor.receive(
      nowMs,
      caller,
      attempt,
      serial,
      messages.third[message]!,
      messages.first[message]!,
      messages.second[message]!,
      messages.fourth[message]!,
      messages.small[message]!,
      messages.deadlineMs[message]!,
      messages.item[message],
      messages.criticality[message],
      messages.headers[message],
    );
    const table = actors[caller]?.caller.table;
    if (table?.serial[attempt] === serial) table.visit[attempt] = visit;
  }

  #answer(actor: ServiceActor | LoadActor, message: number): void {
    const { messages, nowMs } = this.#network;
    actor.answered(
      nowMs,
      messages.attempt[message]!,
      messages.serial[message]!,
      messages.small[message]!,
      messages.isDegraded[message] === 1,
      messages.first[message]!,
      messages.second[message]!,
      messages.third[message]!,
      messages.fourth[message]!,
    );
  }

  #abandon(actor: ServiceActor, message: number): void {
    const { messages, nowMs } = this.#network;
    const caller = messages.caller[message]!;
    const attempt = messages.attempt[message]!;
    const serial = messages.serial[message]!;
    let visit = messages.first[message]!;
    if (visit < 0) visit = actor.find(caller, attempt, serial);
    if (visit >= 0) actor.abandon(nowMs, visit, caller, attempt, serial);
  }

  /** A request found nobody listening: its caller hears of it one delay later. */
  #refuse(message: number): void {
    const network = this.#network;
    const { messages } = network;
    const target = messages.target[message]!;
    const service = network.serviceOf(target);
    const zone = network.zoneOf(target);
    const caller = messages.caller[message]!;
    const attempt = messages.attempt[message]!;
    const serial = messages.serial[message]!;
    network.answer(zone, caller, attempt, serial, REFUSED, false, service, REFUSED, service, 0);
  }
}
