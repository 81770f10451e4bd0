// The steps of an operation, from lists in lists to the Plan's steps.
import { hashText } from "../core/key.ts";
import type { StepPlan } from "../model/service-plan.ts";
import type { ServiceAddress } from "../schema/service-address.ts";
import type { Cursor } from "./cursor.ts";
import type { WrittenStep } from "./step-schema.ts";

/** Steps that one operation may have, copies included. */
const STEPS_LIMIT = 10_000;

/** Finds the call policy and the operation that a call goes to; null where there is none (reported at the cursor). */
export type CallLookup = (
  to: ServiceAddress,
  cursor: Cursor,
) => { readonly call: number; readonly operation: number } | null;

/** The steps of `operation`, whose list stands at `cursor`. */
export function compileSteps(
  operation: string,
  steps: readonly WrittenStep[],
  lookUp: CallLookup,
  cursor: Cursor,
): StepPlan[] {
  return new StepCompiler(operation, lookUp, cursor).sequence(steps, cursor);
}

class StepCompiler {
  readonly #operation: string;
  readonly #lookUp: CallLookup;
  readonly #whole: Cursor;
  /** How many steps of a kind (and callee) came before: a step is known by its like, so that adding another moves no draw. */
  readonly #alike = new Map<string, number>();
  #count = 0;

  constructor(operation: string, lookUp: CallLookup, whole: Cursor) {
    this.#operation = operation;
    this.#lookUp = lookUp;
    this.#whole = whole;
  }

  sequence(steps: readonly WrittenStep[], cursor: Cursor): StepPlan[] {
    return steps.flatMap((step, index) => {
      if (step.do !== "list") return this.#copies(step, cursor.at(index));
      const branches = this.#branches(step.items, cursor.at(index));
      return branches.length === 0 ? [] : [{ do: "together" as const, branches }];
    });
  }

  /** A list inside a list runs together; a list inside that is a branch of its own, in order. */
  #branches(items: readonly WrittenStep[], cursor: Cursor): StepPlan[][] {
    const branches = items.flatMap((item, index) => {
      if (item.do === "list") return [this.sequence(item.items, cursor.at(index))];
      return this.#copies(item, cursor.at(index)).map((step) => [step]);
    });
    return branches.filter((branch) => branch.length > 0);
  }

  #copies(step: Exclude<WrittenStep, { do: "list" }>, cursor: Cursor): StepPlan[] {
    if (step.do !== "call")
      return [{ do: step.do, time: step.time, probability: step.probability, site: this.#site(step.do) }];
    const long = cursor.at("call");
    const target = this.#lookUp(step.to, long.exists ? long : cursor);
    if (target === null) return [];
    const callee = step.to.operation === null ? step.to.service : `${step.to.service}.${step.to.operation}`;
    const copies: StepPlan[] = [];
    for (let copy = 0; copy < step.times && this.#isWithinLimit(); copy++) {
      copies.push({
        do: "call",
        call: target.call,
        operation: target.operation,
        optional: step.optional,
        probability: step.probability,
        site: this.#site(`call|${callee}`),
        fallback: step.fallback === null ? null : this.sequence(step.fallback, cursor.at("fallback")),
      });
    }
    return copies;
  }

  #site(like: string): number {
    this.#count++;
    const nth = this.#alike.get(like) ?? 0;
    this.#alike.set(like, nth + 1);
    return hashText(`${this.#operation}|${like}|${nth}`);
  }

  #isWithinLimit(): boolean {
    if (this.#count < STEPS_LIMIT) return true;
    this.#whole.error("over-limit", `the operation has more than ${STEPS_LIMIT} steps, copies included`);
    return false;
  }
}
