// The programs of all versions of all services in one table: a step is a node, known by its handle. The tree was
// flattened by service/program.ts; here the pieces are laid end to end. Built once per run.
import type { Sampler } from "../../core/sampler.ts";
import type { Plan } from "../../model/plan.ts";
import { Program } from "../../service/program.ts";

export const NODE = {
  kind: 0,
  next: 1,
  site: 2,
  /** 1 where it is done with a probability below 1. */
  isChance: 3,
  call: 4,
  operation: 5,
  fallback: 6,
  isOptional: 7,
} as const;
const WIDTH = 8;
const WIDTH_SHIFT = 3;

export class Nodes {
  /** `int[node + NODE.…]`; the others by `node >> 3`. */
  readonly int: Int32Array;
  readonly probability: Float64Array;
  readonly samplers: readonly (Sampler | null)[];
  readonly branches: readonly (readonly number[] | null)[];
  /** First node by `entriesOf(service, variant) + operation`; END_OF_STEPS or ABSENT. */
  readonly entries: Int32Array;
  readonly #entriesOf: readonly (readonly number[])[];

  constructor(plan: Plan) {
    const int: number[] = [];
    const probability: number[] = [];
    const samplers: (Sampler | null)[] = [];
    const branches: (readonly number[] | null)[] = [];
    const entries: number[] = [];
    this.#entriesOf = plan.services.map(({ variants }) =>
      variants.map((variant) => {
        const program = new Program(variant);
        const base = int.length;
        const moved = (node: number) => (node < 0 ? node : base + node * WIDTH);
        program.kind.forEach((kind, node) => {
          const chance = program.probability[node] === 1 ? 0 : 1;
          int.push(kind, moved(program.next[node]!), program.site[node]!, chance);
          int.push(program.call[node]!, program.operation[node]!, moved(program.fallback[node]!));
          int.push(program.isOptional[node]!);
          probability.push(program.probability[node]!);
          samplers.push(program.samplers[node]!);
          branches.push(program.branches[node]?.map(moved) ?? null);
        });
        const first = entries.length;
        entries.push(...program.entry.map(moved));
        return first;
      }),
    );
    this.int = Int32Array.from(int);
    this.probability = Float64Array.from(probability);
    this.samplers = samplers;
    this.branches = branches;
    this.entries = Int32Array.from(entries);
  }

  entriesOf(service: number, variant: number): number {
    return this.#entriesOf[service]![variant]!;
  }

  /** Index of a node in the arrays that are not `int`. */
  static indexOf(node: number): number {
    return node >> WIDTH_SHIFT;
  }
}
