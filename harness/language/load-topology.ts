// A topology on its own: checked as the fleet of a scenario in which nobody calls and nothing happens.
import type { Problem } from "../model/problem.ts";
import { checkVariants } from "./check-variants.ts";
import { compilePlan } from "./compile-plan.ts";
import { isTopology } from "./file-kind.ts";
import type { LoadOptions } from "./load-study.ts";
import { map, scalar, type MapNode, type Node } from "./node.ts";
import { Problems } from "./problems.ts";
import { readMap, readTopology } from "./read-topology.ts";
import { sum } from "./replicas.ts";
import { variablesGiven } from "./variables.ts";
import { VariantSources } from "./variant-source.ts";

export interface Topology {
  readonly name: string;
  readonly services: number;
  readonly instances: number;
}

export interface LoadedTopology {
  /** Null where there is an error. */
  readonly topology: Topology | null;
  readonly problems: readonly Problem[];
}

/** Reads and checks a topology file; null where the file is none. Never throws for what a user wrote. */
export function loadTopology(file: string, options: LoadOptions): LoadedTopology | null {
  const root = readMap(file, null, new Problems());
  if (root === null || !isTopology(root)) return null;
  const problems = new Problems();
  const topology = checked(file, options, problems);
  return { topology: problems.isRefused(options.strict) ? null : topology, problems: problems.list(options.strict) };
}

function checked(file: string, { vars, size }: LoadOptions, problems: Problems): Topology | null {
  const topology = readTopology(file, null, variablesGiven(vars), problems);
  if (topology === null) return null;
  const source = new VariantSources({ topology, scenario: quietScenario(topology) }, problems).of(null);
  if (source === null) return null;
  const settings = { seed: 1, scale: size?.scale ?? 1, compress: size?.compress ?? 1, scaleCursor: null };
  const variant = compilePlan(source, null, settings);
  if (problems.hasErrors) return null;
  checkVariants([variant]);
  const { services } = variant.plan;
  const instances = sum(services.map(({ replicasPerZone }) => sum(replicasPerZone)));
  return { name: source.topology.written.topology, services: services.length, instances };
}

function quietScenario({ place }: MapNode): MapNode {
  const nothing: Node = map([], place);
  const entries: Readonly<Record<string, Node>> = {
    scenario: scalar("quiet", place),
    topology: scalar("quiet", place),
    duration: scalar("1h", place),
    journeys: nothing,
    load: nothing,
  };
  return map(
    Object.entries(entries).map(([key, node]) => [key, { keyPlace: place, node }]),
    place,
  );
}
