// The calls of one instance: what a request's steps ask of its caller, and what comes back of it to the request.
import { mixHigh, mixLow } from "../core/key.ts";
import type { Instance } from "../service/instance.ts";
import { type Caller, NO_CALL } from "./caller.ts";

export class Downstream {
  readonly #machine: Instance;
  readonly #caller: Caller;
  /** Its calls do not outlive its own request's deadline. */
  readonly #boundsCalls: boolean;

  constructor(machine: Instance, caller: Caller, boundsCalls: boolean) {
    this.#machine = machine;
    this.#caller = caller;
    this.#boundsCalls = boundsCalls;
  }

  /** Begins the call of the strand's node. */
  begin(nowMs: number, strand: number): void {
    const { visits, strands, program } = this.#machine;
    const visit = strands.visit[strand]!;
    const node = strands.node[strand]!;
    const high = visits.keyHigh[visit]!;
    const low = visits.keyLow[visit]!;
    const site = program.site[node]!;
    const deadlineMs = visits.deadlineMs[visit]!;
    strands.call[strand] = this.#caller.begin(
      nowMs,
      program.call[node]!,
      strand,
      program.operation[node]!,
      mixHigh(high, low, site),
      mixLow(high, low, site),
      visits.user[visit]!,
      visits.depth[visit]! + 1,
      deadlineMs,
      this.#boundsCalls ? deadlineMs : Infinity,
      visits.criticality[visit],
      program.nth[node],
      visits.item[visit],
      visits.headers[visit],
    );
  }

  /** Brings the next call that has ended back to its request; false where none has. */
  settle(nowMs: number): boolean {
    const slot = this.#caller.take(nowMs);
    if (slot === NO_CALL) return false;
    const { table } = this.#caller;
    const strand = table.owner[slot]!;
    const cause = table.cause[slot]!;
    const isDegraded = table.isDegraded[slot] === 1;
    const originService = table.originService[slot]!;
    const originCause = table.originCause[slot]!;
    const slowService = table.slowService[slot]!;
    const slowOwnUs = table.slowOwnUs[slot]!;
    table.free(slot);
    this.#machine.callEnded(nowMs, strand, cause, isDegraded, originService, originCause, slowService, slowOwnUs);
    return true;
  }
}
