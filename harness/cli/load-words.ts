// A load in words, as `plan` prints it: how many come how, from where, to do what.
import type { LoadPlan } from "../model/load-plan.ts";
import type { Plan } from "../model/plan.ts";
import { peakRate } from "../analysis/demand.ts";
import { distributionText } from "./distribution-text.ts";
import { spanText } from "./duration-text.ts";
import { headersOf } from "./fault-words.ts";
import { numberText, percentText } from "./number-text.ts";

export function loadWords(plan: Plan, load: LoadPlan): string {
  const { name, zone, mix, patience, headers } = load;
  const journeys = mix
    .map(({ journey, share }) => `${plan.journeys[journey]!.name}${mix.length === 1 ? "" : ` ${percentText(share)}`}`)
    .join(", ");
  return [
    `${name}: ${arrivalWords(load)}`,
    `to ${journeys}`,
    ...(zone === null ? [] : [`from ${plan.zones[zone]}`]),
    ...(headers === undefined ? [] : [`with ${headersOf(plan, headers)}`]),
    ...(load.population === undefined ? [userWords(load)] : []),
    ...(patience === undefined ? [] : [`giving up after ${distributionText(patience)}`]),
  ].join(", ");
}

function arrivalWords({ rate, arrivals, population }: LoadPlan): string {
  const first = numberText(rate[0]?.ratePerSecond ?? 0);
  const peak = numberText(peakRate(rate));
  if (population === undefined) return `${first}/s${peak === first ? "" : `, ${peak}/s at the peak`}, ${arrivals}`;
  return `${population.clients} clients who think for ${distributionText(population.thinkTime)}, so at most ${peak}/s`;
}

function userWords({ users }: LoadPlan): string {
  return users === null ? "each arrival a user of its own" : `${users} users`;
}

/** When its rate changes (run time), in words. */
export function rateChanges({ name, rate }: LoadPlan): { readonly atMs: number; readonly words: string }[] {
  return rate.flatMap(({ atMs, ratePerSecond }, index) => {
    const next = rate[index + 1];
    if (next === undefined || next.ratePerSecond === ratePerSecond) return [];
    const span = next.atMs === atMs ? "" : ` over ${spanText(next.atMs - atMs)}`;
    return [
      { atMs, words: `load ${name} from ${numberText(ratePerSecond)}/s to ${numberText(next.ratePerSecond)}/s${span}` },
    ];
  });
}
