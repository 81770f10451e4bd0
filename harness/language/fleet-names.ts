// The services and operations that can be called, over all versions.
import type { Cursor } from "./cursor.ts";
import { Names } from "./names.ts";
import type { WrittenService } from "./service-schema.ts";
import type { ServiceAddress } from "../schema/service-address.ts";

/** The operation of a service that is CPU work alone (`work: 8ms`). */
export const ONLY_OPERATION = "work";

/** The operations of one version of a service, as far as their names go. */
type Operations = Pick<WrittenService, "operations" | "work">;

export class FleetNames {
  readonly services: Names;
  readonly #operations: readonly Names[];
  /** The operation that a bare service name means, or null where there are several. */
  readonly #only: readonly (string | null)[];

  /** For each service its stable version first, then the others. */
  constructor(versions: ReadonlyMap<string, readonly Operations[]>) {
    this.services = Names.sorted("service", versions.keys());
    const inOrder = this.services.list.map((service) => versions.get(service)!);
    this.#operations = inOrder.map((each, index) =>
      Names.sorted(`operation of ${this.services.list[index]}`, each.flatMap(operationNames)),
    );
    this.#only = inOrder.map(([stable]) => {
      const names = stable === undefined ? [] : operationNames(stable);
      return names.length === 1 ? names[0]! : null;
    });
  }

  operationsOf(service: number): Names {
    return this.#operations[service]!;
  }

  /** Service and operation index of an address written at `cursor`; null and a problem where it leads nowhere. */
  find(address: ServiceAddress, cursor: Cursor): { readonly service: number; readonly operation: number } | null {
    const service = this.services.find(address.service, cursor);
    if (service === -1) return null;
    const name = address.operation ?? this.#only[service]!;
    if (name === null) {
      if (!cursor.problems.isWhole) return null;
      const names = this.#operations[service]!.list.slice(0, 8).map((each) => `\`${address.service}.${each}\``);
      cursor.error(
        "unknown-name",
        `\`${address.service}\` has no single operation: name the one that is meant`,
        names.length === 0 ? null : `there is ${names.join(", ")}`,
      );
      return null;
    }
    const operation = this.#operations[service]!.find(name, cursor);
    return operation === -1 ? null : { service, operation };
  }
}

function operationNames({ operations, work }: Operations): string[] {
  return [...Object.keys(operations ?? {}), ...(work === undefined ? [] : [ONLY_OPERATION])];
}
