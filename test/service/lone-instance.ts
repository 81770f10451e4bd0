// One instance without a fleet: a test lets requests arrive, time pass and calls end, and reads what became of each.
import type { VariantPlan } from "../../harness/model/service-plan.ts";
import { OK } from "../../harness/model/outcome.ts";
import { Instance } from "../../harness/service/instance.ts";
import { BEGIN_CALL, DROP_CALL } from "../../harness/service/outputs.ts";
import { FREE as NO_STRAND } from "../../harness/service/strands.ts";
import { FREE } from "../../harness/service/visits.ts";

/** Service index of the instance itself, and of whatever it calls. */
export const SELF = 3;
export const CALLEE = 8;

export interface Ended {
  readonly visit: number;
  readonly key: number;
  readonly atMs: number;
  readonly cause: number;
  readonly status: number;
  readonly isDegraded: boolean;
  readonly origin: readonly [service: number, cause: number];
  readonly slow: readonly [service: number, ownUs: number];
}

export interface Begun {
  readonly slot: number;
  readonly atMs: number;
  /** Index of the policy. */
  readonly policy: number;
  readonly key: number;
}

export interface Arrival {
  readonly key?: number;
  readonly operation?: number;
  readonly depth?: number;
  readonly deadlineMs?: number;
  readonly item?: number;
}

export class LoneInstance {
  readonly machine: Instance;
  nowMs = 0;
  readonly ended: Ended[] = [];
  /** Every call begun, and the slots of those that were dropped. */
  readonly calls: Begun[] = [];
  readonly dropped: number[] = [];
  readonly #strandOf = new Map<number, number>();

  constructor(plan: VariantPlan) {
    this.machine = new Instance(SELF, plan, 0);
  }

  /** Requests that ended, by the key they came with: `[key, atMs, cause]`. */
  get outcomes(): readonly (readonly [key: number, atMs: number, cause: number])[] {
    return this.ended.map(({ key, atMs, cause }) => [key, atMs, cause] as const);
  }

  /** Slots of the calls that are out. */
  get open(): readonly number[] {
    return [...this.#strandOf.keys()];
  }

  arrive(arrival: Arrival = {}): number {
    const visit = this.hold(arrival);
    this.admit(visit);
    return visit;
  }

  /** A request arrives, and stays at the door until it is admitted or refused. */
  hold(arrival: Arrival = {}): number {
    const { key = 0, operation = 0, depth = 0, deadlineMs = Infinity, item = 0 } = arrival;
    const visit = this.machine.arrive(this.nowMs, operation, key, 0, key, depth, deadlineMs);
    this.machine.visits.item[visit] = item;
    return visit;
  }

  admit(visit: number): void {
    this.machine.admit(this.nowMs, visit);
    this.#drain();
  }

  refuse(visit: number, status: number): void {
    this.machine.refuse(this.nowMs, visit, status);
    this.#drain();
  }

  /** Lets time pass to `toMs`, with everything that is due until then. */
  pass(toMs: number): void {
    for (let dueMs = this.machine.nextWakeup(); dueMs <= toMs; dueMs = this.machine.nextWakeup()) {
      this.nowMs = Math.max(this.nowMs, dueMs);
      this.machine.wake(dueMs, this.nowMs);
      this.#drain();
    }
    this.nowMs = toMs;
  }

  /** Stop the world for a while; then comes what fell due meanwhile. */
  standStill(forMs: number): void {
    this.#stop(true);
    this.nowMs += forMs;
    this.#stop(false);
    this.pass(this.nowMs);
  }

  /** The call in this slot ends. */
  answer(slot: number, cause: number = OK, more: { degraded?: boolean; slowUs?: number } = {}): void {
    const strand = this.#strandOf.get(slot);
    if (strand === undefined) throw new Error(`call ${slot} is not out`);
    this.#strandOf.delete(slot);
    const { degraded = false, slowUs = 0 } = more;
    this.machine.callEnded(this.nowMs, strand, cause, degraded, CALLEE, cause, CALLEE, slowUs);
    this.#drain();
  }

  abandon(visit: number): void {
    this.machine.abandon(this.nowMs, visit);
    this.#drain();
  }

  /** What an idle instance still holds: nothing, if nothing leaks. */
  leaks(): Record<string, number> {
    const { visits, strands, meters, cpu } = this.machine;
    return {
      visits: visits.state.reduce((sum, state) => sum + (state === FREE ? 0 : 1), 0),
      strands: strands.state.reduce((sum, state) => sum + (state === NO_STRAND ? 0 : 1), 0),
      inSystem: meters.inSystem,
      queued: meters.queued,
      workers: meters.busy,
      cores: cpu.coresInUse,
      calls: this.#strandOf.size,
    };
  }

  #stop(isStopped: boolean): void {
    this.machine.advance(this.nowMs);
    this.machine.cpu.setStopped(this.nowMs, isStopped);
  }

  #drain(): void {
    const { visits, strands, program } = this.machine;
    for (let output = this.machine.take(); output >= 0; output = this.machine.take()) {
      const reference = output >> 2;
      const kind = output & 3;
      if (kind === BEGIN_CALL) {
        const slot = this.calls.length;
        const visit = strands.visit[reference]!;
        strands.call[reference] = slot;
        this.#strandOf.set(slot, reference);
        const policy = program.call[strands.node[reference]!]!;
        this.calls.push({ slot, atMs: this.nowMs, policy, key: visits.keyHigh[visit]! });
      } else if (kind === DROP_CALL) {
        this.#strandOf.delete(reference);
        this.dropped.push(reference);
      } else this.#end(reference);
    }
  }

  #end(visit: number): void {
    const { visits } = this.machine;
    this.ended.push({
      visit,
      key: visits.keyHigh[visit]!,
      atMs: this.nowMs,
      cause: visits.cause[visit]!,
      status: visits.status[visit]!,
      isDegraded: visits.isDegraded[visit] === 1,
      origin: [visits.originService[visit]!, visits.originCause[visit]!],
      slow: [visits.slowService[visit]!, visits.slowOwnUs[visit]!],
    });
    this.machine.visits.release(visit);
  }
}

/** What `leaks` says of an instance that holds nothing. */
export const NOTHING = { visits: 0, strands: 0, inSystem: 0, queued: 0, workers: 0, cores: 0, calls: 0 };
