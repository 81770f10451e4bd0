// How an instance's ended visits are answered: what stands in the tables of the machine goes out by the transport.
import type { Instance } from "../service/instance.ts";
import type { Transport } from "./transport.ts";

export class Replies {
  readonly #machine: Instance;
  readonly #transport: Transport;

  constructor(machine: Instance, transport: Transport) {
    this.#machine = machine;
    this.#transport = transport;
  }

  /** Sends the answer to a visit, whose slot is free from then on. */
  answer(visit: number): void {
    const { visits } = this.#machine;
    this.#transport.answer(
      visits.returnActor[visit]!,
      visits.returnAttempt[visit]!,
      visits.returnSerial[visit]!,
      visits.cause[visit]!,
      visits.status[visit]!,
      visits.isDegraded[visit] === 1,
      visits.originService[visit]!,
      visits.originCause[visit]!,
      visits.slowService[visit]!,
      visits.slowOwnUs[visit]!,
    );
    this.#machine.release(visit);
  }

  /** The answer begins, and its body takes so long; `answer` follows at the end. */
  drip(visit: number, forMs: number): void {
    const { visits } = this.#machine;
    this.#transport.drip?.(
      visits.returnActor[visit]!,
      visits.returnAttempt[visit]!,
      visits.returnSerial[visit]!,
      visits.cause[visit]!,
      visits.status[visit]!,
      visits.isDegraded[visit] === 1,
      visits.originService[visit]!,
      visits.originCause[visit]!,
      visits.slowService[visit]!,
      visits.slowOwnUs[visit]!,
      forMs,
    );
  }
}
