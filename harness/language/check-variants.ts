// What fits the schema and still cannot be meant. Looked for where there is no error so far.
import { checkCircles } from "./check-circles.ts";
import { checkRetries } from "./check-retries.ts";
import { checkStrategies } from "./check-strategies.ts";
import { checkTimeouts } from "./check-timeouts.ts";
import type { CompiledVariant } from "./compile-plan.ts";

export function checkVariants(variants: readonly CompiledVariant[]): void {
  for (const variant of variants) {
    checkCircles(variant);
    checkTimeouts(variant);
    checkRetries(variant);
    checkTeams(variant);
  }
  checkStrategies(variants);
}

/** Where there are teams at all, a service without one is a service that nobody is paged for. */
function checkTeams({ plan, fleet }: CompiledVariant): void {
  if (plan.teams.length === 0) return;
  plan.services.forEach((service, index) => {
    if (service.team === null)
      fleet.cursors[index]![0]!.warning("no-team", `the service \`${service.name}\` has no team`);
  });
}
