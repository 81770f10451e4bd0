// The programs of all versions of all services in one table: a step is a node, known by its handle. The tree was
// flattened by service/program.ts; here the pieces are laid end to end. Built once per run.
import { bitsState, highState, lowState, mixState } from "../../core/key.ts";
import { exponentialOf, type Sampler } from "../../core/sampler.ts";
import type { Plan } from "../../model/plan.ts";
import { Program } from "../../service/program.ts";
import * as NODE from "./fields/node.ts";
import { NODE_WIDTH, NODE_WIDTH_SHIFT } from "./fields/widths.ts";
import { ENTRIES, NODE_MEANS_MS, NODE_PROBABILITIES, NODES } from "./memory.ts";

/** By `node >> NODE_WIDTH_SHIFT`. */
export const SAMPLERS: (Sampler | null)[] = [];
export const BRANCHES: (readonly number[] | null)[] = [];

/** Where the entries of each variant of each service begin: `ENTRIES[entries + operation]` is a first node, END_OF_STEPS or ABSENT. */
export function layNodes(plan: Plan): number[][] {
  SAMPLERS.length = 0;
  BRANCHES.length = 0;
  let used = 0;
  let entries = 0;
  return plan.services.map(({ variants }) =>
    variants.map((variant) => {
      const program = new Program(variant);
      const base = used;
      const moved = (node: number) => (node < 0 ? node : base + node * NODE_WIDTH);
      program.kind.forEach((kind, node) => {
        NODES[used + NODE.kind] = kind;
        NODES[used + NODE.next] = moved(program.next[node]!);
        NODES[used + NODE.site] = program.site[node]!;
        NODES[used + NODE.isChance] = program.probability[node] === 1 ? 0 : 1;
        NODES[used + NODE.call] = program.call[node]!;
        NODES[used + NODE.operation] = program.operation[node]!;
        NODES[used + NODE.fallback] = moved(program.fallback[node]!);
        NODES[used + NODE.isOptional] = program.isOptional[node]!;
        NODE_PROBABILITIES[used >> NODE_WIDTH_SHIFT] = program.probability[node]!;
        const meanMs = program.samplers[node]?.exponentialMeanMs ?? null;
        NODES[used + NODE.isExponential] = meanMs === null ? 0 : 1;
        NODE_MEANS_MS[used >> NODE_WIDTH_SHIFT] = meanMs ?? 0;
        NODES[used + NODE.highState] = highState(program.site[node]!);
        NODES[used + NODE.lowState] = lowState(program.site[node]!);
        NODES[used + NODE.bitsState] = bitsState(program.site[node]!);
        SAMPLERS.push(program.samplers[node]!);
        BRANCHES.push(program.branches[node]?.map(moved) ?? null);
        used += NODE_WIDTH;
      });
      const first = entries;
      for (const node of program.entry) ENTRIES[entries++] = moved(node);
      return first;
    }),
  );
}

/** How long a step that works or waits takes for the request of this key, ms. */
export function drawMs(node: number, high: number, low: number): number {
  const site = NODES[node + NODE.site]!;
  if (NODES[node + NODE.isExponential] === 0) return SAMPLERS[node >> NODE_WIDTH_SHIFT]!.draw(high, low, site);
  const word = mixState(NODES[node + NODE.bitsState]!, high, low);
  return NODE_MEANS_MS[node >> NODE_WIDTH_SHIFT]! * exponentialOf(word, high, low, site);
}
