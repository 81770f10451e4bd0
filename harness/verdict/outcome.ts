// The outcome of a variant: the first that applies, and one sentence that says why.
import type { Containment, Outcome, Plan } from "../model/plan.ts";
import type { RunEnd } from "../recording/recording.ts";
import type { VariantResult } from "./result.ts";
import type { Trigger } from "./trigger.ts";

/** What was found out about a run, all that the outcome depends on. */
export interface Findings {
  readonly plan: Plan;
  readonly end: RunEnd;
  readonly trigger: Trigger;
  /** What the objectives missed without the failure, in words; null = they held. */
  readonly invalidity: string | null;
  readonly blastRadius: VariantResult["blastRadius"];
  readonly impactedServices: readonly number[];
  readonly isImpactedAtEnd: boolean;
  readonly timesMs: VariantResult["timesMs"];
  readonly containment: Containment;
}

export interface OutcomeWithReason {
  readonly outcome: Outcome;
  readonly reason: string;
}

export function outcomeOf(findings: Findings): OutcomeWithReason {
  const { plan, end, trigger, timesMs, blastRadius } = findings;
  if (end.reason === "unsound") return { outcome: "invalid", reason: `the run is not sound: ${end.message}` };
  if (!plan.timeline.some((event) => !event.background))
    return { outcome: "measured", reason: "nothing was broken: a plain measurement" };
  if (findings.invalidity !== null)
    return {
      outcome: "invalid",
      reason: `the objectives do not hold even without the failure: ${findings.invalidity}`,
    };
  if (!trigger.hitSomething && !trigger.wasStoppedByGate) {
    const why = trigger.beganMs === null ? "the trigger never came" : "the trigger hit no request and no instance";
    return { outcome: "notExercised", reason: `${why}, so nothing was proven` };
  }
  const { toRecover } = timesMs;
  if (trigger.goneMs !== null && (toRecover === null || toRecover > findings.containment.recoverWithinMs)) {
    const how =
      toRecover === null
        ? "to the end of the run"
        : `by ${durationText(toRecover)} (${durationText(findings.containment.recoverWithinMs)} allowed)`;
    return { outcome: "persisted", reason: `the trigger was gone, and the failure outlived it ${how}` };
  }
  if (trigger.goneMs === null && findings.isImpactedAtEnd) {
    const who = [...blastRadius.journeys, ...blastRadius.services].slice(0, 3).join(", ");
    return { outcome: "unmitigated", reason: `the trigger was still there at the end, and so was its harm (${who})` };
  }
  const escapes = escapesOf(findings);
  if (escapes.length > 0) return { outcome: "escaped", reason: escapes.join("; ") };
  return { outcome: "contained", reason: containedBecause(findings) };
}

/** Every way in which the boundary was crossed, in words; none = it held. */
export function escapesOf({
  plan,
  trigger,
  impactedServices,
  blastRadius,
  containment,
}: Pick<Findings, "plan" | "trigger" | "impactedServices" | "blastRadius" | "containment">): string[] {
  const within = containment.within ?? trigger.services;
  const outside = impactedServices.filter((service) => !within.includes(service));
  const escapes: string[] = [];
  if (outside.length > 0) {
    const names = outside.map((service) => plan.services[service]!.name).join(", ");
    escapes.push(
      `${names} ${outside.length === 1 ? "was" : "were"} impacted, outside the boundary (${within.map((service) => plan.services[service]!.name).join(", ")})`,
    );
  }
  if (blastRadius.usersAffected > containment.users) {
    escapes.push(
      `${percentText(blastRadius.usersAffected)} of the users were affected (${percentText(containment.users)} allowed)`,
    );
  }
  if (containment.zones !== null && blastRadius.zones.length > containment.zones) {
    escapes.push(`${blastRadius.zones.length} zones were impacted (${containment.zones} allowed)`);
  }
  return escapes;
}

function containedBecause({ blastRadius, trigger, timesMs }: Findings): string {
  const { services, journeys, usersAffected } = blastRadius;
  if (services.length === 0 && journeys.length === 0) {
    return trigger.wasStoppedByGate ? "a gate stopped the trigger before it hurt anyone" : "nothing was impacted";
  }
  const who = services.length > 0 ? services.join(", ") : journeys.join(", ");
  const recovery =
    timesMs.toRecover === null
      ? ""
      : `, well again ${timesMs.toRecover === 0 ? "as soon as" : `${durationText(timesMs.toRecover)} after`} the trigger was gone`;
  return `what was impacted (${who}) lies inside the boundary, ${percentText(usersAffected)} of the users affected${recovery}`;
}

export function percentText(ratio: number): string {
  const percent = ratio * 100;
  return `${percent >= 10 || percent === 0 ? Math.round(percent) : Number(percent.toPrecision(2))} %`;
}

export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
