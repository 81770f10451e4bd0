// One actor's connection to the simulated network: its Transport. What it sends arrives later; nothing is answered at once.
import type { Caller } from "../actor/caller.ts";
import type { Transport } from "../actor/transport.ts";
import { ABANDON, REQUEST } from "./messages.ts";
import { type Network, NOBODY } from "./network.ts";

/** What an instance says of itself, to be told to the conductor. */
export type InstanceNews = Pick<Transport, "drained" | "crashed" | "errandDone">;

export class Port implements Transport {
  readonly #network: Network;
  readonly #zone: number;
  readonly #news: InstanceNews | null;

  /** `news` is null for a load, which has none. */
  constructor(network: Network, zone: number, news: InstanceNews | null) {
    this.#network = network;
    this.#zone = zone;
    this.#news = news;
  }

  send(caller: Caller, attempt: number): void {
    const network = this.#network;
    const { messages } = network;
    const { table } = caller;
    const target = table.target[attempt]!;
    const message = messages.allocate();
    messages.kind[message] = REQUEST;
    messages.to[message] = network.addressOfGeneration(target, table.generation[attempt]!);
    messages.target[message] = target;
    messages.caller[message] = caller.address;
    messages.attempt[message] = attempt;
    messages.serial[message] = table.serial[attempt]!;
    messages.first[message] = table.keyHigh[attempt]!;
    messages.second[message] = table.keyLow[attempt]!;
    messages.third[message] = table.operation[attempt]!;
    messages.fourth[message] = table.user[attempt]!;
    messages.item[message] = table.item[attempt]!;
    messages.criticality[message] = table.criticality[attempt]!;
    messages.headers[message] = table.headers[attempt]!;
    messages.small[message] = table.depth[attempt]!;
    messages.deadlineMs[message] = table.deadlineMs[attempt]!;
    network.carry(message, this.#zone, network.zoneOf(target));
  }

  abandon(caller: Caller, attempt: number): void {
    const network = this.#network;
    const { messages } = network;
    const { table } = caller;
    const target = table.abandonedTarget[attempt]!;
    const address = network.addressOfGeneration(target, table.abandonedGeneration[attempt]!);
    if (address === NOBODY) return;
    const message = messages.allocate();
    messages.kind[message] = ABANDON;
    messages.to[message] = address;
    messages.target[message] = target;
    messages.caller[message] = caller.address;
    messages.attempt[message] = attempt;
    messages.serial[message] = table.abandonedSerial[attempt]!;
    messages.first[message] = table.abandonedVisit[attempt]!;
    network.carry(message, this.#zone, network.zoneOf(target));
  }

  answer(
    returnActor: number,
    returnAttempt: number,
    returnSerial: number,
    cause: number,
    _status: number,
    isDegraded: boolean,
    originService: number,
    originCause: number,
    slowService: number,
    slowOwnUs: number,
  ): void {
    this.#network.answer(
      this.#zone,
      returnActor,
      returnAttempt,
      returnSerial,
      cause,
      isDegraded,
      originService,
      originCause,
      slowService,
      slowOwnUs,
    );
  }

  drained(instance: number): void {
    this.#news?.drained(instance);
  }

  crashed(instance: number): void {
    this.#news?.crashed(instance);
  }

  errandDone(instance: number, serial: number, isOk: boolean): void {
    this.#news?.errandDone(instance, serial, isOk);
  }
}
