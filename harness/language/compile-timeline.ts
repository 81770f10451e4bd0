// What happens: releases and faults, in the order of a plan.
import type { TimelineEventPlan } from "../model/release-plan.ts";
import { compileFault, type FaultContext, isOverAtOnce } from "./compile-fault.ts";
import { compileFaultTimes, type FaultTimesContext } from "./compile-fault-times.ts";
import type { PacedScenario } from "./compile-load.ts";
import type { Cursor } from "./cursor.ts";
import type { WrittenFault } from "./fault-schema.ts";
import type { Names } from "./names.ts";
import { checkKind, shippedBy } from "./shipped.ts";

export interface TimelineContext extends FaultContext, FaultTimesContext {
  readonly versions: Names;
  readonly warmUpMs: number;
  readonly durationMs: number;
}

/**
 * Background events first, each part in order of time: so the timeline of the control run is the first part of
 * the variant's, and a fault has the same number, thus the same draws, in both.
 */
export function compileTimeline(
  scenario: PacedScenario,
  context: TimelineContext,
  cursor: Cursor,
): TimelineEventPlan[] {
  const events = scenario.timeline.map((event, index): TimelineEventPlan => {
    const place = cursor.at(index);
    const atMs = context.warmUpMs + event.at;
    if (event.at > context.durationMs)
      place
        .at("at")
        .error("out-of-range", "this is after the end of the run", "raise `duration`, or bring the event forward");
    const shipped = shippedBy(event);
    if (shipped !== undefined) {
      checkKind(event, scenario.versions, place);
      return {
        do: "release",
        atMs,
        version: context.versions.find(shipped, place.at(event.release === undefined ? "push" : "release")),
        background: event.background,
      };
    }
    const fault = event.fault as WrittenFault;
    return {
      do: "fault",
      atMs,
      background: event.background,
      fault: compileFault(fault, context, place.at("fault")),
      ...compileFaultTimes(event, isOverAtOnce(fault), context, place),
    };
  });
  const rank = (event: TimelineEventPlan): number => (event.background ? 0 : 1);
  return events.sort((a, b) => rank(a) - rank(b) || a.atMs - b.atMs);
}
