// What the instances of one version live and die by; nothing where the version asks for none of it.
import { Sampler } from "../core/sampler.ts";
import type { CrashPlan, LifePlan, MemoryPlan, ProbePlan, RestartPlan } from "../model/life-plan.ts";
import type { OperationPlan } from "../model/step-plan.ts";
import type { AtPace } from "../schema/at-pace.ts";
import type { CallCompiler } from "./compile-calls.ts";
import { compileSteps } from "./compile-steps.ts";
import type { Cursor } from "./cursor.ts";
import type { Names } from "./names.ts";
import type { WrittenService } from "./service-schema.ts";

type Written = AtPace<WrittenService>;

/** The part of a VariantPlan that says so: empty, or `life` alone. */
export function compileLife(
  written: Written,
  operations: Names,
  calls: CallCompiler,
  cursor: Cursor,
): { readonly life?: LifePlan } {
  const { memory, crashAfter, crashOn, crashOnStart, leak } = written;
  if (leak !== undefined && memory === undefined)
    cursor
      .at("leak")
      .error("missing-key", "a leak fills `memory`, and the service has none", "give it `memory: { limit: … }`");
  const crash: CrashPlan = {
    afterMs: crashAfter ?? null,
    onOperation: crashOn === undefined ? null : operations.find(crashOn, cursor.at("crashOn")),
    onStart: crashOnStart ?? false,
  };
  const canDie = memory !== undefined || crash.afterMs !== null || crash.onOperation !== null || crash.onStart;
  const startupWork = startupWorkOf(written, calls, cursor);
  const probes = probesOf(written, calls, cursor);
  const failReadiness = written.failReadiness ?? false;
  const isCaredFor = startupWork !== null || failReadiness || Object.values(probes).some((probe) => probe !== null);
  // Without any of these the default is not meant: a fault's victims start again at once.
  if (!canDie && !isCaredFor && !cursor.at("restart").exists) return {};
  checkEndless(written, crash, cursor);
  const restart = restartOf(written);
  return { life: { memory: memoryOf(written), crash, restart, startupWork, probes, failReadiness } };
}

function startupWorkOf({ startup }: Written, calls: CallCompiler, cursor: Cursor): OperationPlan | null {
  if (startup.calls === undefined) return null;
  const place = cursor.at("startup", "calls");
  return { steps: compileSteps("startup", startup.calls, (to, at) => calls.find(to, at), place) };
}

function probesOf({ probes }: Written, calls: CallCompiler, cursor: Cursor): LifePlan["probes"] {
  const of = (kind: keyof LifePlan["probes"]): ProbePlan | null => {
    const probe = probes[kind];
    if (probe === undefined) return null;
    const place = cursor.at("probes", kind, "check");
    return {
      initialDelayMs: probe.initialDelaySeconds,
      periodMs: probe.periodSeconds,
      timeoutMs: probe.timeoutSeconds,
      failureThreshold: probe.failureThreshold,
      successThreshold: probe.successThreshold,
      isApart: probe.workers === "own",
      steps: compileSteps(`probes.${kind}`, probe.check ?? [], (to, at) => calls.find(to, at), place),
    };
  };
  return { startup: of("startup"), readiness: of("readiness"), liveness: of("liveness") };
}

function memoryOf({ memory, leak }: Written): MemoryPlan | null {
  if (memory === undefined) return null;
  const { garbageCollection } = memory;
  return {
    limitBytes: memory.limit,
    baseBytes: memory.base,
    perRequestBytes: memory.perRequest,
    leakBytesPerMs: leak === undefined ? 0 : leak.bytes / leak.per,
    ...(garbageCollection === undefined
      ? {}
      : {
          garbageCollection: {
            garbagePerRequestBytes: garbageCollection.garbagePerRequest,
            pausePerGibMs: garbageCollection.pausePerGiB,
          },
        }),
  };
}

function restartOf({ restart }: Written): RestartPlan {
  if (restart.backoff === null) return { backoff: null };
  const { initial, max, multiplier, resetAfter } = restart.backoff;
  return { backoff: { initialMs: initial, maxMs: max, multiplier, resetAfterMs: resetAfter, jitter: restart.jitter } };
}

/** A life that takes no time, again and again without a wait, would never let time go on. */
function checkEndless(written: Written, { afterMs, onStart }: CrashPlan, cursor: Cursor): void {
  if (written.restart.backoff !== null) return;
  const isInstant = (onStart || afterMs !== null) && new Sampler(written.startup.time).meanMs === 0;
  if (!isInstant || (!onStart && new Sampler(afterMs!).meanMs > 0)) return;
  const key = onStart ? "crashOnStart" : "crashAfter";
  cursor
    .at(key)
    .error(
      "bad-value",
      "it would start and crash without end at one instant",
      "give it a `startup.time`, or a `restart` with a back-off",
    );
}
