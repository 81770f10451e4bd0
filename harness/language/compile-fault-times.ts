// When a fault is in force: how long, how often, how it grows, and on which condition.
import type { FaultConditionPlan, TimelineEventPlan } from "../model/release-plan.ts";
import type { AddressNames } from "../signals/address.ts";
import type { PacedScenario } from "./compile-load.ts";
import type { Cursor } from "./cursor.ts";
import { compileLimit, metricAt } from "./metric.ts";

export interface FaultTimesContext {
  readonly addresses: AddressNames;
}

type Event = PacedScenario["timeline"][number];
type Times = Pick<Extract<TimelineEventPlan, { do: "fault" }>, "forMs" | "rampMs" | "repeatMs" | "when">;

/** `isOverAtOnce`: the fault has nothing that could last. `cursor` stands on the event. */
export function compileFaultTimes(
  event: Event,
  isOverAtOnce: boolean,
  context: FaultTimesContext,
  cursor: Cursor,
): Times {
  const { for: forMs, rampOver: rampMs, repeatEvery: repeatMs, when } = event;
  for (const key of ["for", "rampOver", "repeatEvery"] as const) {
    if (event[key] !== undefined && !(event[key] > 0))
      cursor.at(key).error("out-of-range", "this must be longer than nothing");
  }
  if (isOverAtOnce) refuseLasting(event, cursor);
  if (rampMs !== undefined && forMs !== undefined && rampMs > forMs)
    cursor.at("rampOver").error("out-of-range", "the fault is over before it has grown", "lengthen `for`");
  if (repeatMs !== undefined && forMs !== undefined && repeatMs <= forMs)
    cursor.at("repeatEvery").error("out-of-range", "it would begin again before it is over", "shorten `for`");
  if (repeatMs !== undefined && forMs === undefined && !isOverAtOnce)
    cursor.at("repeatEvery").errorAtKey("missing-key", "a fault that comes again must end", "give it a `for`");
  return {
    forMs: forMs ?? null,
    ...(rampMs === undefined ? {} : { rampMs }),
    ...(repeatMs === undefined ? {} : { repeatMs }),
    ...(when === undefined ? {} : { when: compileCondition(when, context, cursor.at("when")) }),
  };
}

function refuseLasting({ fault, ...event }: Event, cursor: Cursor): void {
  const { kind } = fault as { kind: string };
  for (const key of ["for", "rampOver"] as const) {
    if (event[key] === undefined) continue;
    cursor
      .at(key)
      .errorAtKey("bad-value", `a fault of kind \`${kind}\` is over at once: it has no \`${key}\``, "take it out");
  }
}

function compileCondition(
  written: NonNullable<Event["when"]>,
  { addresses }: FaultTimesContext,
  cursor: Cursor,
): FaultConditionPlan {
  if (!(written.over > 0)) cursor.at("over").error("out-of-range", "this must be longer than nothing");
  const address = metricAt(written.metric, addresses, cursor.at("metric"));
  return { metric: address?.text ?? "", overMs: written.over, limit: compileLimit(written, address, cursor) };
}
