// What a remedy does, in words, as `plan` prints it.
import { unreachable } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { RemedyPlan, ServiceChange } from "../model/remedy-plan.ts";
import { spanText } from "./duration-text.ts";
import { shareText } from "./number-text.ts";
import { amountWords } from "./strategy-words.ts";

/** `throttle: let in 20 % of load users`. */
export function remedyWords(plan: Plan, remedy: RemedyPlan): string {
  return `${remedy.name}: ${wordsOf(plan, remedy)}`;
}

function wordsOf({ services, loads, versions, zones }: Plan, remedy: RemedyPlan): string {
  switch (remedy.do) {
    case "disconnect":
      return `cut all users off from ${services[remedy.service]!.name}, refuse them for ${spanText(remedy.forMs)}${
        remedy.readmitOverMs === 0 ? "" : `, and let them in again over ${spanText(remedy.readmitOverMs)}`
      }`;
    case "admit":
      return `let in ${shareText(remedy.share)} of load ${loads[remedy.load]!.name}${over(remedy.overMs)}`;
    case "pauseLoad":
      return `pause load ${loads[remedy.load]!.name} ${remedy.forMs === null ? "to the end" : `for ${spanText(remedy.forMs)}`}`;
    case "pauseRelease":
      return `pause ${versions[remedy.version]!.name} where it is${remedy.forMs === null ? ", for good" : ` for ${spanText(remedy.forMs)}`}`;
    case "restart":
      return `restart ${services[remedy.service]!.name}, ${amountWords(remedy.atOnce)} of its instances at once`;
    case "flush":
      return `empty the caches of ${services[remedy.service]!.name}`;
    case "change":
      return `${remedy.changes.map((change) => changeWords(services[change.service]!.name, change, zones)).join("; ")}${over(remedy.overMs)}`;
    default:
      return unreachable(remedy);
  }
}

function changeWords(service: string, { variant, replicasPerZone }: ServiceChange, zones: readonly string[]): string {
  const change = variant === null ? [] : [`replace the instances of ${service} by changed ones`];
  if (replicasPerZone === null) return change.join("");
  const all = replicasPerZone.reduce((sum, count) => sum + count, 0);
  const byZone = replicasPerZone.flatMap((count, zone) => (count === 0 ? [] : [`${zones[zone]} ${count}`]));
  const where = byZone.length > 1 ? ` (${byZone.join(", ")})` : "";
  return [...change, `give ${variant === null ? service : "it"} ${all} replicas${where}`].join(" and ");
}

function over(ms: number): string {
  return ms === 0 ? "" : `, over ${spanText(ms)}`;
}
