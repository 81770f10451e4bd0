// `scale` shrinks a service: fewer instances, and what whole instances cannot express is taken from their workers,
// cores, queues and memory. Its utilisation stays within 10 %, or the scale does not fit.
import type { AutoscalingPlan } from "../model/autoscaling-plan.ts";
import type { LifePlan } from "../model/life-plan.ts";
import type { ServicePlan, VariantPlan } from "../model/service-plan.ts";
import { scaledAdmission } from "./scale-admission.ts";
import { resized, sum } from "./replicas.ts";

/** How far a service's capacity per request may be from the real one. */
const TOLERANCE = 0.1;

/** The service at `scale`, or null where it does not fit. */
export function scaledService(service: ServicePlan, scale: number): ServicePlan | null {
  if (scale === 1) return service;
  const before = sum(service.replicasPerZone);
  const wanted = before * scale;
  const least = Math.min(before, 2);
  const candidates = [Math.round(wanted), Math.ceil(wanted), Math.floor(wanted), least].map((count) =>
    Math.min(before, Math.max(least, count)),
  );
  for (const replicas of new Set(candidates)) {
    const share = wanted / replicas;
    const variants = service.variants.map((variant) => scaledVariant(variant, share));
    if (variants.every((variant) => variant !== null))
      return {
        ...service,
        replicasPerZone: resized(service.replicasPerZone, replicas),
        variants,
        ...(service.autoscaling === undefined
          ? {}
          : { autoscaling: resizedLimits(service.autoscaling, replicas / before) }),
      };
  }
  return null;
}

/** An autoscaler whose fleet has `share` of its instances. */
function resizedLimits(autoscaling: AutoscalingPlan, share: number): AutoscalingPlan {
  const resize = (count: number): number => Math.max(1, Math.round(count * share));
  return { ...autoscaling, min: resize(autoscaling.min), max: resize(autoscaling.max) };
}

/** The smallest scale of at least `scale`, in whole percent, that fits every service; 1 fits always. */
export function fittingScale(services: readonly ServicePlan[], scale: number): number {
  for (let percent = Math.ceil(scale * 100); percent < 100; percent++) {
    if (services.every((service) => scaledService(service, percent / 100) !== null)) return percent / 100;
  }
  return 1;
}

/** Each instance with `share` of its capacity. */
function scaledVariant(variant: VariantPlan, share: number): VariantPlan | null {
  const concurrency = scaledCount(variant.pool.concurrency, share);
  const cores = scaledCount(variant.cpu.cores, share);
  if (concurrency === "unfit" || cores === "unfit") return null;
  const { queueCapacity } = variant.pool;
  return {
    ...variant,
    ...(variant.maxConnections === undefined
      ? {}
      : { maxConnections: Math.max(1, Math.round(variant.maxConnections * share)) }),
    ...(variant.admission === undefined ? {} : { admission: scaledAdmission(variant.admission, share) }),
    pool: {
      ...variant.pool,
      concurrency,
      queueCapacity: queueCapacity === null ? null : Math.round(queueCapacity * share),
    },
    cpu: { ...variant.cpu, cores },
    ...(variant.life === undefined ? {} : { life: scaledLife(variant.life, share) }),
  };
}

/** Room for `share` of the requests; a leak fills it in the same time. */
function scaledLife(life: LifePlan, share: number): LifePlan {
  if (life.memory === null) return life;
  const { limitBytes, baseBytes, leakBytesPerMs } = life.memory;
  const room = (limitBytes - baseBytes) * share;
  return { ...life, memory: { ...life.memory, limitBytes: baseBytes + room, leakBytesPerMs: leakBytesPerMs * share } };
}

function scaledCount(count: number | null, share: number): number | null | "unfit" {
  if (count === null) return null;
  const scaled = Math.max(1, Math.round(count * share));
  return Math.abs(scaled / (count * share) - 1) <= TOLERANCE + 1e-9 ? scaled : "unfit";
}
