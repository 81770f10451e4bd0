// Capacity arithmetic: how busy each service will be and how many messages a live run must carry, known
// before anything runs. Utilisation law: busy servers = arrival rate × mean holding time.
import type { Plan } from "../model/plan.ts";
import type { VersionPlan } from "../model/release-plan.ts";
import type { ServicePlan } from "../model/service-plan.ts";
import { demandOf } from "./demand.ts";
import { Holdings } from "./holding.ts";

export interface Capacity {
  readonly services: readonly ServiceCapacity[];
  /** Arrivals of users per second, at the loads' peak. */
  readonly usersPerSecond: number;
  /** Requests between processes per second, those of users included, retries left out: what a live run must carry. */
  readonly hopsPerSecond: number;
  /** Instances of all services. */
  readonly instances: number;
}

export interface ServiceCapacity {
  readonly service: string;
  readonly replicas: number;
  readonly requestsPerSecond: number;
  /** Mean CPU work of one request. */
  readonly workMs: number;
  /** Mean time from its first step to its answer when nothing queues. */
  readonly holdMs: number;
  /** Ratios; above 1 the service cannot keep up. null = unlimited. */
  readonly utilization: { readonly workers: number | null; readonly cpu: number | null };
}

/** With every service on its stable version, or with `released` everywhere. */
export function capacityOf(plan: Plan, released: VersionPlan | null = null): Capacity {
  const variants = plan.services.map((service, index) =>
    released?.service === index ? service.variants[released.variant]! : service.variants[0]!,
  );
  const demand = demandOf(plan, variants);
  const holdings = new Holdings(plan, variants);
  const services = plan.services.map((service, index): ServiceCapacity => {
    const { pool, cpu } = variants[index]!;
    const replicas = replicasOf(service);
    let requests = 0;
    let work = 0;
    let hold = 0;
    let held = 0;
    demand.operations[index]!.forEach((rate, operation) => {
      const { workMs, totalMs, calleesMs } = holdings.of(index, operation);
      requests += rate;
      work += rate * workMs;
      hold += rate * totalMs;
      held += rate * (pool.model === "async" ? totalMs - calleesMs : totalMs);
    });
    const cores = cpu.cores ?? pool.concurrency;
    return {
      service: service.name,
      replicas,
      requestsPerSecond: requests,
      workMs: requests === 0 ? 0 : work / requests,
      holdMs: requests === 0 ? 0 : hold / requests,
      utilization: {
        workers: share(held, replicas, pool.concurrency),
        cpu: share(work, replicas, cores),
      },
    };
  });
  return {
    services,
    usersPerSecond: demand.users,
    hopsPerSecond: demand.edges.reduce((sum, rate) => sum + rate, 0),
    instances: services.reduce((sum, { replicas }) => sum + replicas, 0),
  };
}

/** Requests per second between processes in the busiest of the plan's states: all stable, or any one version everywhere. */
export function peakHopsPerSecond(plan: Plan): number {
  return [null, ...plan.versions].reduce((peak, version) => Math.max(peak, capacityOf(plan, version).hopsPerSecond), 0);
}

export function replicasOf(service: ServicePlan): number {
  return service.replicasPerZone.reduce((sum, count) => sum + count, 0);
}

/** Busy milliseconds per second over the servers there are. */
function share(busyMsPerSecond: number, replicas: number, serversEach: number | null): number | null {
  if (serversEach === null || replicas === 0) return null;
  return busyMsPerSecond / (1000 * replicas * serversEach);
}
