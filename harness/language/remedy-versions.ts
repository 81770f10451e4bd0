// What the `changes` of remedies make of services: versions of their own, named after the remedy.
import type { Cursor } from "./cursor.ts";
import type { PacedScenario } from "./compile-load.ts";
import { nodeAt, type MapNode, type Path } from "./node.ts";

export interface RemedyVersion {
  readonly remedy: string;
  readonly service: string;
  /** Where the piece of the service stands in the scenario. */
  readonly path: Path;
  readonly hasReplicas: boolean;
  /** Whether anything else is changed, so that instances have to be replaced. */
  readonly isVariant: boolean;
}

/** In the order of remedies' names, then of services' names. `document` is the scenario as it was read. */
export function remedyVersions(scenario: PacedScenario, document: MapNode, cursor: Cursor): RemedyVersion[] {
  return Object.entries(scenario.remedies)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([remedy, { changes, service }]) => {
      if (changes === undefined) return [];
      const path: Path = ["remedies", remedy, "changes"];
      if (service !== undefined) return [versionAt(remedy, service, path, document)];
      for (const key of Object.keys(changes)) {
        if (key === "services") continue;
        cursor
          .at(...path, key)
          .errorAtKey(
            "unknown-key",
            `a remedy without \`service\` cannot change \`${key}\``,
            "it can change `services`",
          );
      }
      const services = nodeAt(document, [...path, "services"]);
      const names = services?.type === "map" ? [...services.entries.keys()].sort() : [];
      return names.map((each) => versionAt(remedy, each, [...path, "services", each], document));
    });
}

function versionAt(remedy: string, service: string, path: Path, document: MapNode): RemedyVersion {
  const patch = nodeAt(document, path);
  const keys = patch?.type === "map" ? [...patch.entries.keys()] : [];
  return {
    remedy,
    service,
    path,
    hasReplicas: keys.includes("replicas"),
    isVariant: keys.some((key) => key !== "replicas"),
  };
}
