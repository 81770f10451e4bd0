// What is judged: the expected outcome, the boundary, the checks.
import { suggest } from "../core/suggest.ts";
import type { CheckPlan, Expectation } from "../model/plan.ts";
import type { CompiledVariant } from "./compile-plan.ts";
import type { Cursor } from "./cursor.ts";
import { compileLimit, metricAt } from "./metric.ts";

/** `cursor` stands on the scenario. */
export function compileExpectation({ plan, fleet, scenario }: CompiledVariant, cursor: Cursor): Expectation {
  const { containment } = scenario;
  const hasTrigger = plan.timeline.some((event) => !event.background);
  const strategy = plan.strategy === null ? undefined : scenario.strategies[plan.strategy];
  return {
    expect: strategy?.expect ?? (hasTrigger ? "contained" : "measured"),
    containment: {
      within:
        containment.within?.map((name, index) =>
          fleet.names.services.find(name, cursor.at("containment", "within", index)),
        ) ?? null,
      users: containment.users,
      zones: containment.zones,
      recoverWithinMs: containment.recoverWithin,
    },
    checks: compileChecks({ plan, scenario }, cursor.at("checks")),
  };
}

/** Those that apply to this variant; the others are only looked at for mistakes that do not depend on it. */
function compileChecks({ plan, scenario }: Pick<CompiledVariant, "plan" | "scenario">, cursor: Cursor): CheckPlan[] {
  return scenario.checks.flatMap((check, index) => {
    const place = cursor.at(index);
    const { claim = null, strategy = null, window = null } = check;
    if (claim !== null && !Object.hasOwn(scenario.facts, claim)) {
      place
        .at("claim")
        .error("unknown-name", `there is no fact \`${claim}\``, suggest(claim, Object.keys(scenario.facts)));
    }
    if (strategy !== null && strategy !== plan.strategy) return [];
    const address = metricAt(check.metric, plan, place.at("metric"));
    const limit = compileLimit(check, address, place);
    if (limit.relativeToStable) place.errorAtKey("bad-value", "a check states a plain limit");
    if (window !== null && !(window[0] < window[1] && window[1] <= scenario.duration)) {
      place.at("window").error("out-of-range", "a window goes from one time to a later one, inside the duration");
    }
    return [
      {
        claim,
        metric: address?.text ?? "",
        window: window === null ? null : { fromMs: plan.warmUpMs + window[0], toMs: plan.warmUpMs + window[1] },
        atLeast: limit.atLeast,
        atMost: limit.atMost,
      },
    ];
  });
}
