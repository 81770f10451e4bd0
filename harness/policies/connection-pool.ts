// The connections that a caller keeps to each endpoint: so many at most, opened when they are needed, which costs time.
// Sources: HikariCP (maximumPoolSize 10, connectionTimeout 30s) and node-postgres' pg-pool, whose rules these are: an idle
// connection is taken, the last used first; else a new one is opened, for whom it was asked; else the attempt waits in
// line, first come, first served. A connection whose attempt was given up or lost is closed: over HTTP/1.1 and most wire
// protocols of databases the answer would still be on its way. Hot: nothing is allocated per attempt.
import * as z from "zod";
import { grow } from "../core/grow.ts";
import { IntRing } from "../core/int-ring.ts";
import type { ConnectionPoolPlan } from "../model/call-plan.ts";
import { orNone, orUnlimited } from "../schema/absent.ts";
import { count } from "../schema/count.ts";
import { duration, type ControlTime } from "../schema/duration.ts";

/** Written `connectionPool`; the output becomes a ConnectionPoolPlan at a pace. */
export const connectionPoolSchema = z
  .strictObject({
    max: count(1).prefault(10).describe("Connections of one caller to one endpoint. HikariCP, pg-pool: 10."),
    acquireTimeout: orUnlimited(duration("request"))
      .prefault("30s")
      .describe(
        "An attempt that gets no connection for so long fails (`bulkheadFull`); `unlimited` waits as long as its call " +
          "may take. HikariCP: 30s; pg-pool: unlimited.",
      ),
    connectLatency: duration("request")
      .prefault("0ms")
      .describe("What it takes to open a connection, before an attempt leaves."),
    idleTimeout: orNone(duration("control"))
      .prefault("none")
      .describe("A connection that nobody has used for so long is closed. pg-pool: 10s; HikariCP: 10m."),
  })
  .transform((written): Omit<ConnectionPoolPlan, "idleTimeoutMs"> & { readonly idleTimeoutMs: ControlTime | null } => ({
    max: written.max,
    acquireTimeoutMs: written.acquireTimeout,
    connectLatencyMs: written.connectLatency,
    idleTimeoutMs: written.idleTimeout,
  }))
  .describe("Limits the connections of a caller to each endpoint: the timeout of an attempt begins when it has one.");

/** Of one endpoint. */
interface Connections {
  /** Grows when the endpoint becomes another one: what was open to the one before is gone. */
  epoch: number;
  /** Those in use, and being opened, included. */
  open: number;
  /** When each idle one was last used, the last used last. */
  readonly idleSinceMs: number[];
  /** Who waits, and the number of each one's wait: where that is no longer current, it has been given up. */
  readonly line: IntRing;
  readonly waits: IntRing;
}

const INITIAL_CAPACITY = 64;
/** Indices into the sums. */
const OPEN = 0;
const IN_USE = 1;
const WAITING = 2;

export class ConnectionPool {
  readonly #plan: ConnectionPoolPlan;
  /** By the load balancer's slot of the endpoint. */
  readonly #endpoints: Connections[] = [];
  /** By slot of the call: when its attempt has its connection (Infinity = it waits in line), and when it has waited too long. */
  #readyMs = new Float64Array(INITIAL_CAPACITY);
  #dueMs = new Float64Array(INITIAL_CAPACITY);
  #epochs = new Int32Array(INITIAL_CAPACITY);
  #waits = new Int32Array(INITIAL_CAPACITY);
  /** How many are open, in use and waiting; their integrals since they were last taken, and until when. */
  readonly #counts = new Float64Array(3);
  readonly #sums = new Float64Array(3);
  readonly #untilMs = new Float64Array(1);
  #connects = 0;

  constructor(plan: ConnectionPoolPlan) {
    this.#plan = plan;
  }

  /** Attempts that wait, in line or for their connection to open. */
  get waiting(): number {
    return this.#counts[WAITING]!;
  }

  /** These endpoints are new, or other lives of their instances: nothing is open to them. */
  joined(newcomers: readonly number[]): void {
    for (const endpoint of newcomers) {
      const known = this.#endpoints[endpoint];
      if (known === undefined) continue;
      this.#counts[OPEN]! -= known.open;
      this.#counts[IN_USE]! -= known.open - known.idleSinceMs.length;
      known.epoch++;
      known.open = 0;
      known.idleSinceMs.length = 0;
    }
  }

  /** When the attempt in `slot` has a connection: `nowMs`, later where one is opened for it, Infinity where it is in line. */
  acquire(nowMs: number, slot: number, endpoint: number): number {
    if (slot >= this.#readyMs.length) this.#growTo(slot + 1);
    this.#integrate(nowMs);
    const connections = (this.#endpoints[endpoint] ??= {
      epoch: 0,
      open: 0,
      idleSinceMs: [],
      line: new IntRing(),
      waits: new IntRing(),
    });
    this.#closeIdle(nowMs, connections);
    this.#epochs[slot] = connections.epoch;
    this.#dueMs[slot] = nowMs + (this.#plan.acquireTimeoutMs ?? Infinity);
    if (connections.idleSinceMs.length > 0) {
      connections.idleSinceMs.pop();
      this.#counts[IN_USE]!++;
      return (this.#readyMs[slot] = nowMs);
    }
    if (connections.open < this.#plan.max) {
      this.#connect(nowMs, slot, connections);
      if (this.#plan.connectLatencyMs > 0) this.#counts[WAITING]!++;
      return this.#readyMs[slot]!;
    }
    this.#counts[WAITING]!++;
    this.#forgetGivenUp(connections);
    connections.line.push(slot);
    connections.waits.push(++this.#waits[slot]!);
    return (this.#readyMs[slot] = Infinity);
  }

  /** Whether the attempt in `slot`, which waited, has its connection by now; it waits no longer. */
  take(nowMs: number, slot: number): boolean {
    if (this.#readyMs[slot]! > nowMs) return false;
    this.#integrate(nowMs);
    this.#counts[WAITING]!--;
    return true;
  }

  /** The attempt in `slot` waits no longer, and has no connection: one that is being opened for it goes to the next, who may have to. */
  quit(nowMs: number, slot: number, endpoint: number): number {
    this.#integrate(nowMs);
    this.#counts[WAITING]!--;
    this.#waits[slot]!++;
    const readyMs = this.#readyMs[slot]!;
    return readyMs === Infinity ? -1 : this.release(nowMs, slot, endpoint, readyMs > nowMs);
  }

  /**
   * The attempt in `slot` no longer uses its connection. Returns the slot of the attempt that has one because of this, now
   * or once it is open (`dueMs`); −1 = none.
   */
  release(nowMs: number, slot: number, endpoint: number, isBroken: boolean): number {
    const connections = this.#endpoints[endpoint]!;
    const isGone = isBroken || connections.epoch !== this.#epochs[slot];
    this.#integrate(nowMs);
    if (connections.epoch === this.#epochs[slot]) {
      this.#counts[IN_USE]!--;
      if (isBroken) {
        connections.open--;
        this.#counts[OPEN]!--;
      }
    }
    this.#forgetGivenUp(connections);
    if (connections.line.length === 0) {
      if (!isGone) connections.idleSinceMs.push(nowMs);
      return -1;
    }
    if (isGone && connections.open >= this.#plan.max) return -1;
    const next = connections.line.shift();
    connections.waits.shift();
    this.#epochs[next] = connections.epoch;
    if (isGone) this.#connect(nowMs, next, connections);
    else {
      this.#readyMs[next] = nowMs;
      this.#counts[IN_USE]!++;
    }
    return next;
  }

  /** When to look at the attempt in `slot` again: it has its connection, or has waited for too long. */
  dueMs(slot: number): number {
    return Math.min(this.#readyMs[slot]!, this.#dueMs[slot]!);
  }

  /** Integrals since this was last asked, in ms: connections open, in use (or being opened), and attempts that wait. Valid until asked again. */
  takeSums(nowMs: number): { openMs: number; inUseMs: number; waitingMs: number; connects: number } {
    this.#integrate(nowMs);
    const [openMs, inUseMs, waitingMs] = [this.#sums[OPEN]!, this.#sums[IN_USE]!, this.#sums[WAITING]!];
    const connects = this.#connects;
    this.#sums.fill(0);
    this.#connects = 0;
    return { openMs, inUseMs, waitingMs, connects };
  }

  #connect(nowMs: number, slot: number, connections: Connections): void {
    connections.open++;
    this.#counts[OPEN]!++;
    this.#counts[IN_USE]!++;
    this.#connects++;
    this.#readyMs[slot] = nowMs + this.#plan.connectLatencyMs;
  }

  #closeIdle(nowMs: number, connections: Connections): void {
    const { idleTimeoutMs } = this.#plan;
    const { idleSinceMs } = connections;
    if (idleTimeoutMs === null) return;
    while (idleSinceMs.length > 0 && nowMs - idleSinceMs[0]! >= idleTimeoutMs) {
      idleSinceMs.shift();
      connections.open--;
      this.#counts[OPEN]!--;
    }
  }

  /** Who stands first in line then still waits. */
  #forgetGivenUp({ line, waits }: Connections): void {
    while (line.length > 0 && waits.peek() !== this.#waits[line.peek()]) {
      line.shift();
      waits.shift();
    }
  }

  #integrate(nowMs: number): void {
    const passedMs = nowMs - this.#untilMs[0]!;
    this.#untilMs[0] = nowMs;
    for (let each = 0; each < 3; each++) this.#sums[each]! += this.#counts[each]! * passedMs;
  }

  #growTo(slots: number): void {
    const capacity = Math.max(slots, this.#readyMs.length * 2);
    this.#readyMs = grow(this.#readyMs, capacity);
    this.#dueMs = grow(this.#dueMs, capacity);
    this.#epochs = grow(this.#epochs, capacity);
    this.#waits = grow(this.#waits, capacity);
  }
}
