// Which of the two files one is. Both say `topology:` at the top; the keys that only one of them has tell.
import type { MapNode } from "./node.ts";
import { scenarioSchema } from "./scenario-schema.ts";
import { topologySchema } from "./topology-schema.ts";

/** A file that has keys of neither alone, or as many of both, is taken for a scenario. */
export function isTopology(root: MapNode): boolean {
  const own = (keys: object, others: object): number =>
    [...root.entries.keys()].filter((key) => Object.hasOwn(keys, key) && !Object.hasOwn(others, key)).length;
  const [ofTopology, ofScenario] = [topologySchema.shape, scenarioSchema.shape];
  return own(ofTopology, ofScenario) > own(ofScenario, ofTopology);
}
