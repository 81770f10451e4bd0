// How the people of a load keep and win back their sessions: in the words and with the back-off of retries.
import type { SessionRules } from "../load/population.ts";
import type { SessionPlan } from "../model/load-plan.ts";
import { Backoff } from "../policies/backoff.ts";
import { causesOf } from "../policies/retry.ts";

export function sessionRules({ endsOn, reconnect }: SessionPlan): SessionRules {
  const causes = causesOf(endsOn);
  const backoff = new Backoff(reconnect);
  return {
    endsSession: (cause) => ((causes >>> cause) & 1) === 1,
    delayMs: (retry, previousMs, high, low) => backoff.delayMs(retry, previousMs, high, low),
  };
}
