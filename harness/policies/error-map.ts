// A client that hands failures on as something else: a dependency that cannot be reached becomes "no such user". What is
// above it (breaker, retries, fallbacks, the user) then acts on what it was told.
// Source: Spotify's outage of 2022-03-08, where NOT_FOUND in place of UNAVAILABLE made clients log their users out.
import * as z from "zod";
import type { ErrorMapPlan, RetryOn } from "../model/call-plan.ts";
import { CAUSE_COUNT, ERROR, WRONG } from "../model/outcome.ts";
import type { CallTable } from "./call-table.ts";
import { causesOf } from "./retry.ts";

const told = (what: string) =>
  z
    .enum(["error", "wrong"])
    .optional()
    .describe(
      `What ${what} is taken for: \`error\`, or \`wrong\`: a definite answer, which is false, and which nobody tries again.`,
    );

/** Written `mapErrors`; the output is an ErrorMapPlan. */
export const errorMapSchema = z
  .strictObject({
    error: told("an error answer"),
    timeout: told("an attempt that timed out"),
    overload: told("a rejection for overload"),
    connection: told("a connection that was refused or reset, or no healthy host,"),
    circuitOpen: told("a refusal of the caller's own breaker"),
    bulkheadFull: told("a refusal of the caller's own bulkhead or limits"),
  })
  .transform((written): ErrorMapPlan => written as ErrorMapPlan)
  .describe("Hands failures on as something else. Attempts are recorded as what they were, calls as what they became.");

export class ErrorMap {
  /** By cause, what it becomes. */
  readonly #told = Uint8Array.from({ length: CAUSE_COUNT }, (_, cause) => cause);

  constructor(plan: ErrorMapPlan) {
    for (const [word, becomes] of Object.entries(plan)) {
      const causes = causesOf([word as RetryOn]);
      for (let cause = 0; cause < CAUSE_COUNT; cause++)
        if (((causes >>> cause) & 1) === 1) this.#told[cause] = becomes === "wrong" ? WRONG : ERROR;
    }
  }

  told(cause: number): number {
    return this.#told[cause]!;
  }

  /** The slot's failure is told as its map says; its origin stays what it was. */
  apply(table: CallTable, slot: number): void {
    const cause = table.cause[slot]!;
    const becomes = this.told(cause);
    if (becomes === cause) return;
    table.cause[slot] = becomes;
    table.isDegraded[slot] = 0;
    table.slowService[slot] = table.originService[slot]!;
    table.slowOwnUs[slot] = 0;
  }
}
