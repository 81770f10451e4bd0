// The libraries on npm that are circuit breakers, each asked and told through the same few words.
import { type IBreaker, circuitBreaker, handleAll } from "cockatiel";
import Opossum from "opossum";
import { CLOSED, HALF_OPEN, OPEN } from "../../harness/policies/circuit-breaker.ts";

/** The length of opossum's window, in ten slices. */
export const WINDOW_MS = 10_000;

/** A call that is under way: told its outcome, it settles once the library has taken note. */
export type Settle = (isFailure: boolean) => Promise<void>;

export interface Peer {
  /** As ours numbers them; only asked where that does not depend on a call that is to come. */
  state(): number;
  /** null where the call is refused. */
  ask(): Promise<Settle | null>;
  end(): void;
}

export class CockatielBreaker implements Peer {
  readonly #policy: ReturnType<typeof circuitBreaker>;

  constructor(breaker: IBreaker, waitMs: number) {
    this.#policy = circuitBreaker(handleAll, { halfOpenAfter: waitMs + 1, breaker });
  }

  state(): number {
    return this.#policy.state;
  }

  async ask(): Promise<Settle | null> {
    const work = Promise.withResolvers<void>();
    let isAdmitted = false;
    const call = this.#policy.execute(() => {
      isAdmitted = true;
      return work.promise;
    });
    const ended = call.catch(() => {});
    if (!isAdmitted) await ended;
    return isAdmitted ? settling(work, ended) : null;
  }

  end(): void {}
}

export class OpossumBreaker implements Peer {
  readonly #circuit: Opossum<[Promise<void>], void>;

  constructor(threshold: number, volumeThreshold: number, waitMs: number) {
    this.#circuit = new Opossum((work: Promise<void>) => work, {
      timeout: false,
      errorThresholdPercentage: threshold * 100,
      volumeThreshold,
      resetTimeout: waitMs,
      rollingCountTimeout: WINDOW_MS,
      rollingCountBuckets: 10,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
  }

  state(): number {
    return this.#circuit.closed ? CLOSED : this.#circuit.opened ? OPEN : HALF_OPEN;
  }

  async ask(): Promise<Settle | null> {
    const work = Promise.withResolvers<void>();
    const isRefused = !this.#circuit.closed && !this.#circuit.pendingClose;
    const ended = this.#circuit.fire(work.promise).catch(() => {});
    if (isRefused) await ended;
    return isRefused ? null : settling(work, ended);
  }

  end(): void {
    this.#circuit.shutdown();
  }
}

function settling(work: PromiseWithResolvers<void>, ended: Promise<void>): Settle {
  return async (isFailure) => {
    if (isFailure) work.reject(new Error("refused"));
    else work.resolve();
    await ended;
  };
}
