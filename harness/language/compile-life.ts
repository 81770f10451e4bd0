// What the instances of one version live and die by; nothing where the version asks for none of it.
import { Sampler } from "../core/sampler.ts";
import type { CrashPlan, LifePlan, MemoryPlan, RestartPlan } from "../model/life-plan.ts";
import type { AtPace } from "../schema/at-pace.ts";
import type { Cursor } from "./cursor.ts";
import type { Names } from "./names.ts";
import type { WrittenService } from "./service-schema.ts";

type Written = AtPace<WrittenService>;

/** The part of a VariantPlan that says so: empty, or `life` alone. */
export function compileLife(written: Written, operations: Names, cursor: Cursor): { readonly life?: LifePlan } {
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
  // Without any of these the default is not meant: a fault's victims start again at once.
  if (!canDie && !cursor.at("restart").exists) return {};
  checkEndless(written, crash, cursor);
  return { life: { memory: memoryOf(written), crash, restart: restartOf(written) } };
}

function memoryOf({ memory, leak }: Written): MemoryPlan | null {
  if (memory === undefined) return null;
  return {
    limitBytes: memory.limit,
    baseBytes: memory.base,
    perRequestBytes: memory.perRequest,
    leakBytesPerMs: leak === undefined ? 0 : leak.bytes / leak.per,
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
