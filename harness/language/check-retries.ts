// Retries on several tiers multiply: the worst case from a user down to the last callee.
import type { CallPlan } from "../model/call-plan.ts";
import type { Plan } from "../model/plan.ts";
import { callSites } from "./call-sites.ts";
import type { CompiledVariant } from "./compile-plan.ts";

/** From this many attempts at the bottom for one request at the top, somebody should know. */
const PRODUCT_LIMIT = 64;

interface Chain {
  readonly product: number;
  /** `checkout (3)`: each callee with the tries that its caller makes. */
  readonly tiers: readonly string[];
}

export function checkRetries({ plan, source }: CompiledVariant): void {
  const known = new Map<string, Chain>();
  for (const load of plan.loads) {
    for (const { journey } of load.mix) {
      const { service, operation, name } = plan.journeys[journey]!;
      const call = load.calls[load.callOfJourney[journey]!]!;
      const chain = extended(plan, service, worstAttempts(call), worstFrom(plan, service, operation, known, new Set()));
      if (chain.product < PRODUCT_LIMIT) continue;
      source.scenario.cursor
        .at("load", load.name)
        .warning(
          "retry-product",
          `one request on journey ${name} can become ${chain.product} attempts: ${[load.name, ...chain.tiers].join(" -> ")}`,
          "retry on one tier only, or give the retries a budget",
        );
    }
  }
}

function extended(plan: Plan, service: number, attempts: number, below: Chain): Chain {
  return {
    product: attempts * below.product,
    tiers: [`${plan.services[service]!.name} (${attempts})`, ...below.tiers],
  };
}

/** A budget keeps retries to a share of the calls: where everything fails, they add little. */
function worstAttempts({ retry, hedge }: CallPlan): number {
  const hedged = hedge?.budget === null ? hedge.maxAttempts : 1;
  return retry?.budget === null ? retry.maxAttempts * hedged : hedged;
}

/** The worst chain below an operation of the stable versions; a circle is followed once. */
function worstFrom(
  plan: Plan,
  service: number,
  operation: number,
  known: Map<string, Chain>,
  above: Set<string>,
): Chain {
  const key = `${service} ${operation}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  let worst: Chain = { product: 1, tiers: [] };
  if (above.has(key) || above.size > 1000) return worst;
  above.add(key);
  const stable = plan.services[service]!.variants[0]!;
  for (const site of callSites(stable, operation)) {
    const attempts = worstAttempts(stable.calls[site.call]!);
    const chain = extended(plan, site.service, attempts, worstFrom(plan, site.service, site.operation, known, above));
    if (chain.product > worst.product) worst = chain;
  }
  above.delete(key);
  known.set(key, worst);
  return worst;
}
