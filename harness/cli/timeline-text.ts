// The timeline of a plan, as `plan` prints it: releases, pushes, faults, changes of the load and answers at stated times
// in the order in which they happen, then what waits for a condition.
import { wrap } from "../../reports/wrap.ts";
import type { Plan } from "../model/plan.ts";
import type { TimelineEventPlan } from "../model/release-plan.ts";
import { momentText } from "./duration-text.ts";
import { faultWords } from "./fault-words.ts";
import { rateChanges } from "./load-words.ts";
import { actionWords } from "./strategy-words.ts";

interface Happening {
  /** Run time. */
  readonly atMs: number;
  readonly words: string;
}

/** Lines of at most `columns` characters where the words allow it. */
export function timelineLines(plan: Plan, columns: number): string[] {
  const waiting = plan.timeline.filter((event) => isWaiting(event));
  const happenings: readonly Happening[] = [
    ...plan.timeline
      .filter((event) => !isWaiting(event))
      .map((event) => ({ atMs: event.atMs, words: eventWords(plan, event) })),
    ...plan.loads.flatMap(rateChanges),
    ...plan.responses.flatMap((response) =>
      response.when.type === "at" ? [{ atMs: response.when.atMs, words: actionWords(plan, response) }] : [],
    ),
  ].toSorted((a, b) => a.atMs - b.atMs);
  if (happenings.length + waiting.length === 0) return ["  nothing happens"];
  const moments = happenings.map(({ atMs }) => momentText(atMs - plan.warmUpMs));
  const width = Math.max(0, ...moments.map((moment) => moment.length));
  return [
    ...happenings.flatMap(({ words }, index) => {
      const [first, ...rest] = wrap(words, columns - width - 4, "  ");
      return [
        `  ${moments[index]!.padStart(width)}  ${first}`,
        ...rest.map((line) => `${" ".repeat(width + 4)}${line}`),
      ];
    }),
    ...waiting.flatMap((event) => wrap(eventWords(plan, event), columns - 2, "  ").map((line) => `  ${line}`)),
  ];
}

function isWaiting(event: TimelineEventPlan): boolean {
  return event.do === "fault" && event.when !== undefined;
}

function eventWords(plan: Plan, event: TimelineEventPlan): string {
  if (event.do === "fault") return faultWords(plan, event);
  const { name, service, isPush, isHarmless, onApply } = plan.versions[event.version]!;
  const effect = onApply === "crash" ? ", which crashes its instances" : isHarmless ? ", which changes nothing" : "";
  return `${isPush === true ? "push" : "release"} ${name} of ${plan.services[service]!.name}${effect}${event.background ? " (background)" : ""}`;
}
