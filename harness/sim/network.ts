// The simulated network: who is where, and the messages between them, each under way for the delay between two zones.
import type { LoadActor } from "../actor/load-actor.ts";
import type { ServiceActor } from "../actor/service-actor.ts";
import type { InstanceRef } from "../model/route.ts";
import type { Plan } from "../model/plan.ts";
import { Lanes } from "./lanes.ts";
import { ANSWER, Messages } from "./messages.ts";

/** Nobody listens. */
export const NOBODY = -1;

export class Network {
  nowMs = 0;
  readonly messages = new Messages();
  readonly lanes = new Lanes();
  /** Actors by address. An address is never used twice; a dead actor leaves a hole. */
  readonly actors: (ServiceActor | LoadActor | null)[] = [];
  /** Zone by address; −1 = outside, no delay. */
  readonly zoneAt: number[] = [];
  /** By instance id: the address of its living incarnation (or NOBODY), its generation, service and zone. */
  readonly #addressOf: number[] = [];
  readonly #generationOf: number[] = [];
  /** Addresses at whose port nobody listens, though they live. */
  readonly deaf = new Set<number>();
  readonly #serviceOf: number[] = [];
  readonly #zoneOf: number[] = [];
  /** Lane by zones, `[from + 1][to + 1]`. */
  readonly #lane: readonly (readonly number[])[];

  constructor(plan: Plan) {
    const zones = [-1, ...plan.zones.keys()];
    this.#lane = zones.map((from) =>
      zones.map((to) => this.lanes.laneOf(from < 0 || to < 0 ? 0 : plan.networkMs[from]![to]!)),
    );
  }

  /** A new address in `zone`, not yet occupied. */
  reserve(zone: number): number {
    this.zoneAt.push(zone);
    return this.actors.push(null) - 1;
  }

  /** From now on what is sent to this instance reaches `address`. */
  listen(instance: InstanceRef, address: number): void {
    this.#addressOf[instance.id] = address;
    this.#generationOf[instance.id] = instance.generation;
    this.#serviceOf[instance.id] = instance.service;
    this.#zoneOf[instance.id] = instance.zone;
  }

  /** Address of the living incarnation of an instance, or NOBODY. */
  addressOf(instance: number): number {
    return this.#addressOf[instance] ?? NOBODY;
  }

  /** Address of this very incarnation, or NOBODY. */
  addressOfGeneration(instance: number, generation: number): number {
    return this.#generationOf[instance] === generation ? this.addressOf(instance) : NOBODY;
  }

  serviceOf(instance: number): number {
    return this.#serviceOf[instance]!;
  }

  zoneOf(instance: number): number {
    return this.#zoneOf[instance]!;
  }

  /** The instance is dead: messages for it are lost, requests refused. */
  forget(instance: number): void {
    this.deaf.delete(this.addressOf(instance));
    this.actors[this.addressOf(instance)] = null;
    this.#addressOf[instance] = NOBODY;
  }

  /** Puts a message on its way between two zones. */
  carry(message: number, fromZone: number, toZone: number): void {
    this.lanes.send(this.#lane[fromZone + 1]![toZone + 1]!, this.nowMs, message);
  }

  /** Sends a caller the answer to one of its attempts. */
  answer(
    fromZone: number,
    to: number,
    attempt: number,
    serial: number,
    cause: number,
    isDegraded: boolean,
    originService: number,
    originCause: number,
    slowService: number,
    slowOwnUs: number,
  ): void {
    if (this.actors[to] === null) return;
    const { messages } = this;
    const message = messages.allocate();
    messages.kind[message] = ANSWER;
    messages.to[message] = to;
    messages.attempt[message] = attempt;
    messages.serial[message] = serial;
    messages.small[message] = cause;
    messages.isDegraded[message] = isDegraded ? 1 : 0;
    messages.first[message] = originService;
    messages.second[message] = originCause;
    messages.third[message] = slowService;
    messages.fourth[message] = slowOwnUs;
    this.carry(message, fromZone, this.zoneAt[to]!);
  }
}
