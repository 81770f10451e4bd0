// Timeouts that cannot do what they are for.
import type { CallPlan } from "../model/call-plan.ts";
import type { Plan } from "../model/plan.ts";
import { callSites, ownTimeMs } from "./call-sites.ts";
import type { CompiledVariant } from "./compile-plan.ts";
import type { Cursor } from "./cursor.ts";

export function checkTimeouts({ plan, fleet, source }: CompiledVariant): void {
  plan.services.forEach((service, index) => {
    service.variants.forEach((variant, variantIndex) => {
      const cursor = fleet.cursors[index]![variantIndex]!;
      for (const call of variant.calls) checkRetries(call, entry(cursor, call));
      service.operations.forEach((_, operation) => {
        for (const site of callSites(variant, operation))
          checkCallee(
            service.name,
            variant.calls[site.call]!,
            site.operation,
            entry(cursor, variant.calls[site.call]!),
          );
      });
    });
  });
  plan.loads.forEach((load) => {
    const cursor = source.scenario.cursor.at("load", load.name);
    for (const call of load.calls) checkRetries(call, entry(cursor, call));
    for (const { journey } of load.mix) {
      const call = load.calls[load.callOfJourney[journey]!]!;
      checkCallee(load.name, call, plan.journeys[journey]!.operation, entry(cursor, call));
    }
  });

  /** `call` is made by `caller`; what the callee then does must fit. */
  function checkCallee(caller: string, call: CallPlan, operation: number, cursor: Cursor): void {
    const patienceMs = patienceOf(call);
    const callee = plan.services[call.callee]!;
    const workMs = ownTimeMs(plan, call.callee, operation);
    if (patienceMs < workMs) {
      cursor.warning(
        "timeout-too-short",
        `${caller} waits ${time(patienceMs)} for ${callee.name}.${callee.operations[operation]}, whose own work takes ${time(workMs)} on average`,
      );
    }
    for (const site of callSites(callee.variants[0]!, operation)) {
      const inner = callee.variants[0]!.calls[site.call]!;
      if (patienceMs < patienceOf(inner) && isWritten(callee.name, inner)) {
        cursor.warning(
          "timeout-too-short",
          `${caller} waits ${time(patienceMs)} for ${callee.name}, which itself waits ${time(patienceOf(inner))} for ${plan.services[inner.callee]!.name}`,
          "the outer timeout should be the longer one",
        );
      }
    }
  }

  function entry(cursor: Cursor, call: CallPlan): Cursor {
    return cursor.at(
      "calls",
      entryName(plan, call, (key) => cursor.at("calls", key).exists),
    );
  }

  /** Whether somebody chose the inner timeout; the built-in default is nobody's mistake. */
  function isWritten(caller: string, call: CallPlan): boolean {
    const { cursor } = source.topology;
    const own = cursor.at("services", caller, "calls");
    const policy = own.at(entryName(plan, call, (key) => own.at(key).exists));
    return [policy, cursor.at("defaults", "call")].some(
      (each) => each.at("attemptTimeout").exists || each.at("timeout").exists,
    );
  }
}

/** The key under `calls` that a policy was written at: an operation's own, else the callee's. */
function entryName(plan: Plan, call: CallPlan, exists: (key: string) => boolean): string {
  const callee = plan.services[call.callee]!;
  const own = `${callee.name}.${callee.operations[call.operations[0] ?? 0]}`;
  return exists(own) ? own : callee.name;
}

/** How long the caller waits for one try. */
function patienceOf({ timeoutMs, attemptTimeoutMs }: CallPlan): number {
  return Math.min(timeoutMs ?? Infinity, attemptTimeoutMs ?? Infinity);
}

function checkRetries({ timeoutMs, attemptTimeoutMs, retry }: CallPlan, cursor: Cursor): void {
  if (timeoutMs === null || attemptTimeoutMs === null || retry === null || retry.maxAttempts < 2) return;
  const neededMs = retry.maxAttempts * attemptTimeoutMs;
  if (timeoutMs >= neededMs) return;
  cursor.warning(
    "no-room-for-retries",
    `a timeout of ${time(timeoutMs)} has no room for ${retry.maxAttempts} tries of ${time(attemptTimeoutMs)}`,
    `raise \`timeout\` to ${time(neededMs)} or more, or shorten the tries`,
  );
}

function time(ms: number): string {
  if (ms === Infinity) return "for ever";
  return ms >= 1000 ? `${+(ms / 1000).toPrecision(4)}s` : `${+ms.toPrecision(4)}ms`;
}
