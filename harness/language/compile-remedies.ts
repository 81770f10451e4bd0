// Runbook actions, as rules name them.
import type { RemedyAction, RemedyPlan, ServiceChange } from "../model/remedy-plan.ts";
import type { ServicePlan } from "../model/service-plan.ts";
import type { Fleet } from "./compile-fleet.ts";
import type { PacedScenario } from "./compile-load.ts";
import type { Cursor } from "./cursor.ts";
import { Names } from "./names.ts";
import { resized, sum } from "./replicas.ts";

export interface RemedyContext {
  readonly fleet: Fleet;
  readonly loads: Names;
  readonly versions: Names;
  /** After scaling. */
  readonly services: readonly ServicePlan[];
}

type PacedRemedy = PacedScenario["remedies"][string];

/** `cursor` stands on `remedies`. */
export function compileRemedies(scenario: PacedScenario, context: RemedyContext, cursor: Cursor): RemedyPlan[] {
  return Object.entries(scenario.remedies)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, remedy]) => {
      const place = cursor.at(name);
      if (["rollback", "rollForward", "stable", "new"].includes(name) || context.versions.has(name))
        place.errorAtKey("bad-name", `\`${name}\` has a meaning of its own`, "give the remedy another name");
      return { name, ...compileAction(name, remedy, context, place) };
    });
}

function compileAction(name: string, remedy: PacedRemedy, context: RemedyContext, cursor: Cursor): RemedyAction {
  const { fleet, loads } = context;
  const overMs = remedy.over ?? 0;
  if (remedy.disconnect !== undefined) {
    const service = fleet.names.services.find(remedy.disconnect, cursor.at("disconnect"));
    return { do: "disconnect", service, forMs: remedy.for ?? 0, readmitOverMs: remedy.readmitOver ?? 0 };
  }
  if (remedy.load !== undefined)
    return { do: "admit", load: loads.find(remedy.load, cursor.at("load")), share: remedy.to ?? 1, overMs };
  if (remedy.restart !== undefined) {
    const service = fleet.names.services.find(remedy.restart, cursor.at("restart"));
    return { do: "restart", service, atOnce: remedy.atOnce ?? { ratio: 1 } };
  }
  if (remedy.flush !== undefined) return compileFlush(remedy.flush, context, cursor.at("flush"));
  if (remedy.pause !== undefined) return compilePause(remedy.pause, remedy.for ?? null, context, cursor.at("pause"));
  const changes = fleet.remedies.filter((each) => each.remedy === name);
  if (changes.length === 0 && cursor.problems.isWhole)
    cursor.at("changes").error("no-effect", "this changes nothing", "name a `service`, or services under `services`");
  return { do: "change", changes: changes.map((each) => serviceChange(name, each, context)), overMs };
}

function compileFlush(name: string, { fleet, services }: RemedyContext, cursor: Cursor): RemedyAction {
  const service = fleet.names.services.find(name, cursor);
  const hasCache = services[service]?.variants.some(({ cache }) => cache !== undefined) ?? true;
  if (!hasCache) cursor.error("no-effect", `\`${name}\` has no cache`, "give the service a `cache`");
  return { do: "flush", service };
}

/** A load and a version may both be paused; who names both alike has to rename one. */
function compilePause(
  target: string,
  forMs: number | null,
  { loads, versions }: RemedyContext,
  cursor: Cursor,
): RemedyAction {
  if (versions.has(target) && !loads.has(target))
    return { do: "pauseRelease", version: versions.indexOf(target), forMs };
  if (versions.has(target)) cursor.error("bad-name", `there are both a load and a version \`${target}\``);
  const known = Names.listed("load or version", [...loads.list, ...versions.list]);
  return { do: "pauseLoad", load: known.find(target, cursor) === -1 ? -1 : loads.indexOf(target), forMs };
}

function serviceChange(
  name: string,
  { service, isVariant, replicasPerZone }: Fleet["remedies"][number],
  { fleet, services }: RemedyContext,
): ServiceChange {
  const variant = isVariant ? fleet.services[service]!.variants.findIndex(({ version }) => version === name) : null;
  if (replicasPerZone === null) return { service, variant, replicasPerZone };
  const [before, after] = [fleet.services[service]!, services[service]!];
  const ratio = sum(after.replicasPerZone) / sum(before.replicasPerZone);
  const replicas = Math.max(1, Math.round(sum(replicasPerZone) * ratio));
  return { service, variant, replicasPerZone: resized(replicasPerZone, replicas) };
}
