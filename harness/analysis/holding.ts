// How long one request of an operation takes when nothing queues: its own work, its waits, the network and
// its callees. A lower estimate, good enough to say how many workers it holds.
import { Sampler } from "../core/sampler.ts";
import type { Distribution } from "../core/distribution.ts";
import type { Plan } from "../model/plan.ts";
import { DEPTH_LIMIT } from "../model/outcome.ts";
import type { StepPlan, VariantPlan } from "../model/service-plan.ts";

/** Means in milliseconds. */
export interface Holding {
  /** CPU work of its own. */
  readonly workMs: number;
  /** From the worker's first step to the answer: work, waits and callees; branches that run together count as the longest. */
  readonly totalMs: number;
  /** Of `totalMs`, the part spent waiting for callees: an `async` worker is given back meanwhile. */
  readonly calleesMs: number;
}

const NOTHING: Holding = { workMs: 0, totalMs: 0, calleesMs: 0 };

/** Estimates per service and operation, each worked out once. */
export class Holdings {
  readonly #plan: Plan;
  readonly #variants: readonly VariantPlan[];
  readonly #known = new Map<string, Holding>();
  readonly #meanMs = new Map<Distribution, number>();

  constructor(plan: Plan, variants: readonly VariantPlan[]) {
    this.#plan = plan;
    this.#variants = variants;
  }

  /** Circles of calls end at the depth limit, as they do in a run. */
  of(service: number, operation: number, depth = 0): Holding {
    const key = `${service}/${operation}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (depth >= DEPTH_LIMIT) return NOTHING;
    const program = this.#variants[service]!.operations[operation];
    const holding = program === null || program === undefined ? NOTHING : this.#inOrder(service, program.steps, depth);
    this.#known.set(key, holding);
    return holding;
  }

  #inOrder(service: number, steps: readonly StepPlan[], depth: number): Holding {
    return steps.map((step) => this.#step(service, step, depth)).reduce(plus, NOTHING);
  }

  #step(service: number, step: StepPlan, depth: number): Holding {
    if (step.do === "work") {
      const ms = step.probability * this.#mean(step.time);
      return { workMs: ms, totalMs: ms, calleesMs: 0 };
    }
    if (step.do === "wait") return { workMs: 0, totalMs: step.probability * this.#mean(step.time), calleesMs: 0 };
    if (step.do === "together") {
      const branches = step.branches.map((branch) => this.#inOrder(service, branch, depth));
      const longest = branches.reduce((a, b) => (b.totalMs > a.totalMs ? b : a), NOTHING);
      return { ...longest, workMs: branches.reduce((sum, branch) => sum + branch.workMs, 0) };
    }
    const { callee } = this.#variants[service]!.calls[step.call]!;
    const away =
      step.probability *
      (2 * meanNetworkMs(this.#plan, service, callee) + this.of(callee, step.operation, depth + 1).totalMs);
    return { workMs: 0, totalMs: away, calleesMs: away };
  }

  #mean(time: Distribution): number {
    const known = this.#meanMs.get(time);
    if (known !== undefined) return known;
    const { meanMs } = new Sampler(time);
    this.#meanMs.set(time, meanMs);
    return meanMs;
  }
}

/** One-way delay between two services, averaged over where their replicas stand. */
function meanNetworkMs(plan: Plan, from: number, to: number): number {
  const callers = plan.services[from]!.replicasPerZone;
  const callees = plan.services[to]!.replicasPerZone;
  let weighted = 0;
  let weight = 0;
  callers.forEach((callerCount, fromZone) =>
    callees.forEach((calleeCount, toZone) => {
      weighted += callerCount * calleeCount * (plan.networkMs[fromZone]?.[toZone] ?? 0);
      weight += callerCount * calleeCount;
    }),
  );
  return weight === 0 ? 0 : weighted / weight;
}

function plus(a: Holding, b: Holding): Holding {
  return {
    workMs: a.workMs + b.workMs,
    totalMs: a.totalMs + b.totalMs,
    calleesMs: a.calleesMs + b.calleesMs,
  };
}
