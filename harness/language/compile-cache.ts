// A service's cache: its operations looked up, its size within limits.
import type { CachePlan } from "../model/cache-plan.ts";
import type { AtPace } from "../schema/at-pace.ts";
import type { Cursor } from "./cursor.ts";
import type { Names } from "./names.ts";
import type { WrittenService } from "./service-schema.ts";

type WrittenCache = NonNullable<AtPace<WrittenService>["cache"]>;

/** Answers that one instance may keep. */
const ENTRIES_LIMIT = 1_000_000;

export function compileCache(written: WrittenCache, operations: Names, cursor: Cursor): CachePlan {
  const kept = written.operations?.map((name, index) => operations.find(name, cursor.at("operations", index)));
  const plan = { ...written, operations: [...new Set(kept ?? operations.list.keys())] };
  const most = Math.min(plan.capacity ?? Infinity, plan.keys.count * plan.operations.length);
  if (most > ENTRIES_LIMIT)
    cursor.error(
      "over-limit",
      `an instance would keep up to ${most} answers, more than ${ENTRIES_LIMIT}`,
      "give the cache a smaller `capacity`",
    );
  return plan;
}
