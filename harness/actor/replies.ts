// How an instance's ended visits are answered: what stands in the tables of the machine goes out by the transport.
import { CONNECTION_RESET, OK } from "../model/outcome.ts";
import type { Instance } from "../service/instance.ts";
import { KEEPER } from "./errands.ts";
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
    visits.release(visit);
  }

  /** An errand has ended: whoever keeps the instance hears of it. */
  tellKeeper(visit: number, instance: number): void {
    const { visits } = this.#machine;
    this.#transport.errandDone(instance, visits.returnSerial[visit]!, visits.cause[visit] === OK);
    visits.release(visit);
  }

  /** The instance of service `self` has died: every caller's connection is reset. Returns how many requests were lost. */
  resetAll(self: number): number {
    const { visits, meters } = this.#machine;
    const { returnActor, returnAttempt, returnSerial } = visits;
    let lost = meters.inSystem;
    for (const visit of visits.inOrder()) {
      const to = [returnActor[visit]!, returnAttempt[visit]!, returnSerial[visit]!] as const;
      if (to[0] === KEEPER) lost--;
      else this.#transport.answer(...to, CONNECTION_RESET, 0, false, self, CONNECTION_RESET, self, 0);
    }
    return lost;
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
