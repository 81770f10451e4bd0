// An operation's steps, flattened: nodes in flat arrays, each knowing what comes next. Built once per instance
// from the Plan's tree, so that a running request (a strand) is just a node number.
import { Sampler } from "../core/sampler.ts";
import type { StepPlan, VariantPlan } from "../model/service-plan.ts";
import { errandsOf } from "./errand.ts";

/** Node kinds. */
export const WORK = 1;
export const WAIT = 2;
export const CALL = 3;
export const TOGETHER = 4;

/** No further node: the strand is at its end. */
export const END_OF_STEPS = -1;

export class Program {
  readonly kind: Uint8Array;
  readonly next: Int32Array;
  readonly site: Int32Array;
  readonly probability: Float64Array;
  /** WORK, WAIT: the time. */
  readonly samplers: readonly (Sampler | null)[];
  /** CALL: index into the variant's calls, callee's operation, first node of the fallback (END_OF_STEPS − 1 = none), optional. */
  readonly call: Int32Array;
  readonly operation: Int32Array;
  /** CALL: how many calls of its operation to the same operation there are beside it, counted from this one to the end. */
  readonly nth: Int32Array;
  readonly fallback: Int32Array;
  readonly isOptional: Uint8Array;
  /** TOGETHER: first nodes of the branches (END_OF_STEPS for an empty one). */
  readonly branches: readonly (readonly number[] | null)[];
  /** First node by operation index; END_OF_STEPS where it does nothing; ABSENT where this version lacks it. Errands follow the operations. */
  readonly entry: readonly number[];

  constructor(variant: VariantPlan) {
    const nodes: Node[] = [];
    this.entry = [...variant.operations, ...errandsOf(variant)].map((operation) => {
      if (operation === null) return ABSENT;
      const from = nodes.length;
      const entry = addSteps(nodes, operation.steps, END_OF_STEPS);
      countAlike(nodes.slice(from));
      return entry;
    });
    this.kind = Uint8Array.from(nodes, (node) => node.kind);
    this.next = Int32Array.from(nodes, (node) => node.next);
    this.site = Int32Array.from(nodes, (node) => node.site);
    this.probability = Float64Array.from(nodes, (node) => node.probability);
    this.samplers = nodes.map((node) => node.sampler);
    this.call = Int32Array.from(nodes, (node) => node.call);
    this.operation = Int32Array.from(nodes, (node) => node.operation);
    this.nth = Int32Array.from(nodes, (node) => node.nth);
    this.fallback = Int32Array.from(nodes, (node) => node.fallback);
    this.isOptional = Uint8Array.from(nodes, (node) => (node.isOptional ? 1 : 0));
    this.branches = nodes.map((node) => node.branches);
  }
}

/** An operation that this version lacks; also "no fallback". */
export const ABSENT = -2;

interface Node {
  kind: number;
  next: number;
  site: number;
  probability: number;
  sampler: Sampler | null;
  call: number;
  operation: number;
  nth: number;
  fallback: number;
  isOptional: boolean;
  branches: number[] | null;
}

/** Adds a list that runs in order, from its last step to its first; returns the node of its first step. */
function addSteps(nodes: Node[], steps: readonly StepPlan[], after: number): number {
  return steps.reduceRight((next, step) => addStep(nodes, step, next), after);
}

/** Calls of one operation to the same operation are about different things. */
function countAlike(nodes: readonly Node[]): void {
  const alike = new Map<string, number>();
  for (const node of nodes) {
    if (node.kind !== CALL) continue;
    const like = `${node.call}|${node.operation}`;
    node.nth = alike.get(like) ?? 0;
    alike.set(like, node.nth + 1);
  }
}

function addStep(nodes: Node[], step: StepPlan, next: number): number {
  const node: Node = {
    kind: TOGETHER,
    next,
    site: 0,
    probability: 1,
    sampler: null,
    call: -1,
    operation: -1,
    nth: 0,
    fallback: ABSENT,
    isOptional: false,
    branches: null,
  };
  switch (step.do) {
    case "work":
    case "wait":
      node.kind = step.do === "work" ? WORK : WAIT;
      node.site = step.site;
      node.probability = step.probability;
      node.sampler = new Sampler(step.time);
      break;
    case "call":
      node.kind = CALL;
      node.site = step.site;
      node.probability = step.probability;
      node.call = step.call;
      node.operation = step.operation;
      node.isOptional = step.optional;
      if (step.fallback !== null) node.fallback = addSteps(nodes, step.fallback, next);
      break;
    case "together":
      node.branches = step.branches.map((branch) => addSteps(nodes, branch, END_OF_STEPS));
      break;
  }
  return nodes.push(node) - 1;
}
