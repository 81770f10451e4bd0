// A service's cache, as users write it.
import * as z from "zod";
import { orNone, orUnlimited } from "../schema/absent.ts";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { name } from "../schema/name.ts";
import { factor, ratio } from "../schema/ratio.ts";

const keysSchema = z.strictObject({
  count: count(1).describe("How many different things are asked for."),
  zipf: factor()
    .prefault(0.99)
    .describe(
      "How uneven: the k-th most popular is asked for in proportion to k^−zipf; 0 makes all alike. By default that of YCSB.",
    ),
});

/** Written `cache`; the output becomes a CachePlan at a pace, once its operations are looked up. */
export const cacheSchema = z
  .strictObject({
    operations: z
      .array(name())
      .optional()
      .describe("Only the answers of these operations are kept; by default those of all."),
    capacity: orUnlimited(count(1))
      .prefault("unlimited")
      .describe("Answers that each instance keeps; the least recently used one makes room."),
    keys: keysSchema.describe(
      "What requests ask for. A request asks for the same thing again when it is retried, and of every cache on its way.",
    ),
    ttl: orNone(duration("control")).prefault("none").describe("How long an answer is good; `none`: for ever."),
    ttlJitter: ratio().prefault(0).describe("Each answer is good for between ttl × (1 − ttlJitter) and ttl."),
    start: ratio()
      .prefault(1)
      .describe(
        "Share of the capacity (of the keys, where that is unlimited) that holds the most popular answers before the run.",
      ),
    coldOnStart: z
      .boolean()
      .default(true)
      .describe(
        "An instance that starts during the run (released, restarted) is empty; `false` fills it as `start` says.",
      ),
    singleFlight: z
      .boolean()
      .default(false)
      .describe(
        "Requests for what the instance is fetching already wait for that answer, and share it, be it good or bad (as golang.org/x/sync/singleflight); when the fetch is cancelled, the first of them goes on with it.",
      ),
    staleIfError: z
      .boolean()
      .default(false)
      .describe(
        "When fetching fails, an answer that is too old is given instead, as degraded (stale-if-error of RFC 5861).",
      ),
    negativeTtl: duration("control")
      .prefault("0s")
      .describe(
        "So long a failure is remembered: who asks for the same meanwhile fails at once, or gets what `staleIfError` has.",
      ),
  })
  .transform((written) => ({
    operations: written.operations,
    capacity: written.capacity,
    keys: written.keys,
    ttlMs: written.ttl,
    ttlJitter: written.ttlJitter,
    start: written.start,
    coldOnStart: written.coldOnStart,
    singleFlight: written.singleFlight,
    staleIfError: written.staleIfError,
    negativeTtlMs: written.negativeTtl,
  }))
  .describe(
    "What each instance remembers. Whoever finds the answer there skips the operation's steps; successes are kept.",
  );
