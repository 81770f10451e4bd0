// The workers of a service and who waits for them.
import type { QueuePlan } from "../model/queue-plan.ts";
import type { PoolPlan } from "../model/service-plan.ts";
import type { AtPace } from "../schema/at-pace.ts";
import type { Cursor } from "./cursor.ts";
import type { WrittenService } from "./service-schema.ts";

type PacedPool = AtPace<WrittenService["pool"]>;

/** A share of what has no end is nothing: such an admission never refuses. */
export function checkAdmission({ admission, pool, cpu }: AtPace<WrittenService>, cursor: Cursor): void {
  if (admission?.type !== "utilization" || pool.concurrency !== null) return;
  if (admission.of === "cpu" && cpu.cores !== null) return;
  const hint = admission.of === "cpu" ? "give `cpu.cores`, or `pool.concurrency`" : "give `pool.concurrency`";
  cursor.at("admission").warning("no-effect", "nothing is ever refused: what is busy here is unlimited", hint);
}

export function compilePool(pool: PacedPool): PoolPlan {
  const queue = compileQueue(pool.queue);
  const { rejectionCost } = pool;
  return {
    model: pool.model,
    concurrency: pool.concurrency,
    queueCapacity: pool.queue.capacity,
    ...(queue === null ? {} : { queue }),
    ...(rejectionCost.kind === "constant" && rejectionCost.ms === 0 ? {} : { rejectionMs: rejectionCost }),
  };
}

/** Null for first in, first out, for ever. */
function compileQueue({ discipline, standingAfter, codel, timeout }: PacedPool["queue"]): QueuePlan | null {
  if (discipline === "fifo" && codel === null && timeout === null) return null;
  return { discipline, standingAfterMs: standingAfter, codelTargetMs: codel?.target ?? null, timeoutMs: timeout };
}
