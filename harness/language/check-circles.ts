// Calls that come back to where they began: an error where every one of them is certain, else worth a warning.
import { callSites } from "./call-sites.ts";
import type { CompiledVariant } from "./compile-plan.ts";

/** An operation of a service, over all its versions. */
interface Spot {
  readonly service: number;
  readonly operation: number;
}

export function checkCircles({ plan, fleet }: CompiledVariant): void {
  const endless = circlesOf(plan.services.length, (spot) => nextSpots(spot, true));
  for (const circle of endless) {
    const { service, operation } = circle[0]!;
    const operationName = plan.services[service]!.operations[operation]!;
    const path = [...circle, circle[0]!].map(
      (spot) => `${plan.services[spot.service]!.name}.${plan.services[spot.service]!.operations[spot.operation]!}`,
    );
    fleet.cursors[service]![0]!.at("operations", operationName).errorAtKey(
      "endless-calls",
      `these operations call each other without end: ${path.join(" -> ")}`,
      "make one of the calls optional, or less than certain",
    );
  }
  if (endless.length > 0) return;
  for (const circle of circlesOf(plan.services.length, (spot) => nextServices(spot.service))) {
    const names = [...circle, circle[0]!].map((spot) => plan.services[spot.service]!.name);
    if (circle.length > 1)
      fleet.cursors[circle[0]!.service]![0]!.warning(
        "call-circle",
        `services call each other in a circle: ${names.join(" -> ")}`,
        "a failure of one can come back to it",
      );
  }

  function nextSpots(spot: Spot, isCertain: boolean): Spot[] {
    return plan.services[spot.service]!.variants.flatMap((variant) =>
      callSites(variant, spot.operation).filter((site) => site.isCertain === isCertain),
    );
  }

  function nextServices(service: number): Spot[] {
    const { variants } = plan.services[service]!;
    return variants.flatMap((variant) => variant.calls.map((call) => ({ service: call.callee, operation: 0 })));
  }

  /** Each circle once, by depth-first search from every spot, in order. */
  function circlesOf(services: number, next: (spot: Spot) => readonly Spot[]): Spot[][] {
    const state = new Map<string, "open" | "done">();
    const circles: Spot[][] = [];
    for (let service = 0; service < services; service++) {
      plan.services[service]!.operations.forEach((_, operation) => visit({ service, operation }, next, state, circles));
    }
    return circles;
  }
}

/** Iterative, so that a long chain of services cannot exhaust the stack. */
function visit(
  start: Spot,
  next: (spot: Spot) => readonly Spot[],
  state: Map<string, "open" | "done">,
  circles: Spot[][],
): void {
  if (state.has(keyOf(start))) return;
  const path: { spot: Spot; rest: Spot[] }[] = [];
  const enter = (spot: Spot): void => {
    state.set(keyOf(spot), "open");
    path.push({ spot, rest: [...next(spot)] });
  };
  enter(start);
  while (path.length > 0) {
    const { spot, rest } = path[path.length - 1]!;
    const following = rest.shift();
    if (following === undefined) {
      state.set(keyOf(spot), "done");
      path.pop();
    } else if (state.get(keyOf(following)) === "open") {
      const from = path.findIndex((step) => keyOf(step.spot) === keyOf(following));
      circles.push(path.slice(from).map((step) => step.spot));
    } else if (!state.has(keyOf(following))) enter(following);
  }
}

function keyOf({ service, operation }: Spot): string {
  return `${service} ${operation}`;
}
