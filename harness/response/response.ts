// The rules of a strategy at work: alerts are watched, teams are paged, and actions come out. A strategy that
// never responds is one without rules.
//
//   alert fires ──┬─ rule without team ───────────────────────────► action
//   gate failed ──┼─ rule by a team ─► page ─► acknowledge ─► diagnose ─► action
//   a time comes ─┘  alert that pages a team without a rule: a page that ends with its diagnosis
import { assert, unreachable } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { AlertPlan, ResponsePlan } from "../model/release-plan.ts";
import type { AlertChange, Look } from "./alert.ts";
import { Alert } from "./alert.ts";
import type { PageChange } from "./responders.ts";
import { Responders } from "./responders.ts";

export type ResponseEvent =
  | ({ readonly is: "alert" } & AlertChange)
  | ({ readonly is: "page"; readonly team: string } & PageChange)
  | { readonly is: "action"; readonly action: string; readonly by: string | null; readonly cause: string };

export class Response {
  readonly #alerts: readonly Alert[];
  readonly #teams: ReadonlyMap<string, Responders>;
  readonly #rules: readonly ResponsePlan[];
  /** The rules that act at a time and have not yet, earliest first. */
  readonly #scheduled: Scheduled[];

  readonly #warmUpMs: number;

  constructor(plan: Pick<Plan, "alerts" | "journeys" | "teams" | "responses" | "warmUpMs">) {
    this.#warmUpMs = plan.warmUpMs;
    this.#alerts = plan.alerts.map((alert) => new Alert(alert, plan.journeys));
    this.#teams = new Map(plan.teams.map((team) => [team.name, new Responders(team)]));
    this.#rules = plan.responses;
    this.#scheduled = plan.responses
      .flatMap((rule): Scheduled[] => (rule.when.type === "at" ? [{ atMs: rule.when.atMs, rule }] : []))
      .sort((a, b) => a.atMs - b.atMs);
  }

  nextWakeup(): number {
    let next = this.#scheduled[0]?.atMs ?? Infinity;
    for (const team of this.#teams.values()) next = Math.min(next, team.nextWakeup());
    return next;
  }

  /** What comes due by `nowMs`: runbook times, acknowledgements, diagnoses and the actions that follow them. */
  wake(nowMs: number): ResponseEvent[] {
    const events: ResponseEvent[] = [];
    while (this.#scheduled.length > 0 && this.#scheduled[0]!.atMs <= nowMs) {
      events.push(...this.#respond(nowMs, [this.#scheduled.shift()!.rule]));
    }
    for (const [name, team] of this.#teams) {
      for (const change of team.wake(nowMs)) {
        events.push({ is: "page", team: name, ...change });
        if (change.state === "diagnosed") events.push(...this.#remedy(name, change.cause));
      }
    }
    return events;
  }

  /**
   * Looks at every alert after monitoring saw something new. While an alert fires, its rules act whenever there
   * is something to act on (`isReleased`): an alert that fired before the release counts too.
   */
  observe(nowMs: number, look: Look, isReleased: boolean): ResponseEvent[] {
    return this.#alerts.flatMap((alert, index) => {
      const change = alert.evaluate(look);
      const events: ResponseEvent[] = change === null ? [] : [{ is: "alert", ...change }];
      if (change?.state === "firing") events.push(...this.#pagesOf(nowMs, alert.plan));
      if (alert.isFiring && isReleased) {
        events.push(...this.#respond(nowMs, this.#rulesOf(index).filter(takesBack)));
      }
      // A remedy is applied once each time the alert begins to fire; what it did is not asked again.
      if (change?.state === "firing")
        events.push(
          ...this.#respond(
            nowMs,
            this.#rulesOf(index).filter((rule) => !takesBack(rule)),
          ),
        );
      return events;
    });
  }

  /** A gate failed. */
  gateFailed(nowMs: number): ResponseEvent[] {
    return this.#respond(
      nowMs,
      this.#rules.filter(({ when }) => when.type === "analysis"),
    );
  }

  #respond(nowMs: number, rules: readonly ResponsePlan[]): ResponseEvent[] {
    return rules.flatMap((rule) => {
      const cause = this.#causeOf(rule);
      return rule.by === null ? actionsOf(rule, cause) : this.#page(nowMs, rule.by, cause);
    });
  }

  #rulesOf(alert: number): ResponsePlan[] {
    return this.#rules.filter(({ when }) => when.type === "alert" && when.alert === alert);
  }

  /** What a team does once it knows what is wrong: all its rules about that cause. */
  #remedy(team: string, cause: string): ResponseEvent[] {
    const rules = this.#rules.filter((rule) => rule.by === team && this.#causeOf(rule) === cause);
    return rules.flatMap((rule) => actionsOf(rule, cause));
  }

  #pagesOf(nowMs: number, alert: AlertPlan): ResponseEvent[] {
    return alert.pages === null ? [] : this.#page(nowMs, alert.pages, causeOfAlert(alert));
  }

  #page(nowMs: number, team: string, cause: string): ResponseEvent[] {
    const responders = this.#teams.get(team);
    assert(responders !== undefined, "the compiler resolved every team's name");
    return responders.page(nowMs, cause).map((change) => ({ is: "page", team, ...change }));
  }

  /** What a rule reacts to, as pages and actions name it. */
  #causeOf({ when }: ResponsePlan): string {
    switch (when.type) {
      case "at":
        return `schedule: ${(when.atMs - this.#warmUpMs) / 1000} s`;
      case "alert":
        return causeOfAlert(this.#alerts[when.alert]!.plan);
      case "analysis":
        return "failed gate";
      default:
        return unreachable(when);
    }
  }
}

function takesBack({ actions }: ResponsePlan): boolean {
  return actions.includes("rollback");
}

function causeOfAlert(alert: AlertPlan): string {
  return `alert: ${alert.name}`;
}

interface Scheduled {
  readonly atMs: number;
  readonly rule: ResponsePlan;
}

function actionsOf(rule: ResponsePlan, cause: string): ResponseEvent[] {
  return rule.actions.map((action) => ({ is: "action", action, by: rule.by, cause }));
}
