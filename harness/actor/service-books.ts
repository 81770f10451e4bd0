// Writes what happens at one instance into its row of the tally: each request as it ends, the rest once per bucket.
import type { InstanceRef } from "../model/route.ts";
import type { CallPlan } from "../model/call-plan.ts";
import { CONNECTION_RESET, ERROR, OK, WRONG } from "../model/outcome.ts";
import type { CachePath } from "../service/cache-path.ts";
import type { Instance } from "../service/instance.ts";
import type { Logging } from "../service/logging.ts";
import { CACHE, EDGE, EDGE_WIDTH, LIFE, LOGGING, SERVICE, SERVICE_WIDTH } from "../signals/columns.ts";
import type { Tally } from "../signals/tally.ts";

const BYTES_PER_MIB = 1_048_576;

export class ServiceBooks {
  readonly #tally: Tally;
  readonly #machine: Instance;
  readonly #calls: readonly CallPlan[];
  readonly #latencyRow: number;
  readonly #row: number;
  #observedMs: number;

  constructor(tally: Tally, instance: InstanceRef, machine: Instance, calls: readonly CallPlan[], startMs: number) {
    this.#tally = tally;
    this.#machine = machine;
    this.#calls = calls;
    this.#latencyRow = tally.layout.serviceRow[instance.service]![instance.variant]![instance.zone]!;
    this.#row = this.#latencyRow * SERVICE_WIDTH;
    this.#observedMs = startMs;
  }

  ended(cause: number, latencyMs: number, isDegraded: boolean): void {
    const { services } = this.#tally;
    services[this.#row + SERVICE.ended]!++;
    services[this.#row + SERVICE.outcome + cause]!++;
    if (cause === OK && isDegraded) services[this.#row + SERVICE.degraded]!++;
    if (cause !== OK && cause !== ERROR && cause !== WRONG) return;
    services[this.#row + SERVICE.latencyMs]! += latencyMs;
    this.#tally.serviceLatency.record(this.#latencyRow, latencyMs);
  }

  /** The instance died with so many requests in it. */
  crashed(lost: number): void {
    const { services } = this.#tally;
    services[this.#row + SERVICE.crashes]!++;
    services[this.#row + SERVICE.ended]! += lost;
    services[this.#row + SERVICE.outcome + CONNECTION_RESET]! += lost;
  }

  ranOutOfMemory(): void {
    this.#tally.services[this.#row + SERVICE.outOfMemory]!++;
  }

  collected({ collections, collectingMs }: { readonly collections: number; readonly collectingMs: number }): void {
    const { services } = this.#tally;
    services[this.#row + LIFE.collections]! += collections;
    services[this.#row + LIFE.collectingMs]! += collectingMs;
  }

  warming(warmingMs: number): void {
    this.#tally.services[this.#row + LIFE.warmingMs]! += warmingMs;
  }

  /** Brings the integrals up to now and moves the machine's own counters over. */
  observe(nowMs: number, isReady: boolean): void {
    const { services, edges } = this.#tally;
    const machine = this.#machine;
    const { meters } = machine;
    const row = this.#row;
    machine.advance(nowMs);
    services[row + SERVICE.arrived]! += meters.arrived;
    services[row + SERVICE.abandoned]! += meters.abandoned;
    services[row + SERVICE.abandonedOwn]! += meters.abandonedOwn;
    services[row + SERVICE.wasted]! += meters.wasted;
    services[row + SERVICE.inSystemMs]! += meters.integralsMs[0]!;
    services[row + SERVICE.queuedMs]! += meters.integralsMs[1]!;
    services[row + SERVICE.busyMs]! += meters.integralsMs[2]!;
    services[row + SERVICE.cpuMs]! += meters.integralsMs[3]!;
    services[row + SERVICE.sojournMs]! += meters.takeSojournMs(nowMs);
    const memory = machine.vitals?.memory ?? null;
    if (memory !== null) {
      const usedMs = memory.integral(this.#observedMs, nowMs, meters.integralsMs[0]!);
      services[row + SERVICE.memoryMs]! += usedMs / BYTES_PER_MIB;
      services[row + SERVICE.memoryLimitMs]! += (memory.limitBytes * (nowMs - this.#observedMs)) / BYTES_PER_MIB;
    }
    const limitMs = machine.admission?.takeLimitMs(nowMs) ?? null;
    if (limitMs !== null) {
      services[row + SERVICE.limitMs]! += limitMs;
      services[row + SERVICE.limitedMs]! += nowMs - this.#observedMs;
    }
    const readyMs = isReady ? nowMs - this.#observedMs : 0;
    this.#observedMs = nowMs;
    services[row + SERVICE.readyMs]! += readyMs;
    if (machine.workers < Infinity) services[row + SERVICE.workersMs]! += readyMs * machine.workers;
    if (machine.cpu.cores < Infinity) services[row + SERVICE.coresMs]! += readyMs * machine.cpu.cores;
    this.#calls.forEach((call, index) => {
      edges[call.edge * EDGE_WIDTH + EDGE.abandonedWaiting]! += meters.abandonedWaiting[index]!;
    });
    meters.reset();
    if (machine.cache !== null) this.#observeCache(nowMs, machine.cache);
    if (machine.logging !== null) this.#observeLogging(nowMs, machine.logging);
  }

  #observeLogging(nowMs: number, logging: Logging): void {
    const { services } = this.#tally;
    logging.observe(nowMs);
    services[this.#row + LOGGING.written]! += logging.written;
    services[this.#row + LOGGING.dropped]! += logging.dropped;
    services[this.#row + LOGGING.pendingMs]! += logging.pendingMs;
    logging.reset();
  }

  #observeCache(nowMs: number, cache: CachePath): void {
    const { services } = this.#tally;
    const row = this.#row;
    cache.observe(nowMs);
    services[row + CACHE.lookups]! += cache.lookups;
    services[row + CACHE.hits]! += cache.hits;
    services[row + CACHE.stale]! += cache.stale;
    services[row + CACHE.negative]! += cache.negative;
    services[row + CACHE.shared]! += cache.shared;
    services[row + CACHE.entriesMs]! += cache.entriesMs;
    cache.reset();
  }
}
