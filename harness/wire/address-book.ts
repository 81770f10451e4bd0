// Where the instances of the fleet listen. Always loopback: there is no way to write another host down.
import { assert } from "../core/assert.ts";

/** The only host that the live engine binds to or connects to. */
export const LOOPBACK = "127.0.0.1";

/** An instance in one of its lives, with the port the kernel gave it. */
export interface InstanceAddress {
  readonly id: number;
  readonly generation: number;
  readonly service: number;
  readonly zone: number;
  readonly port: number;
}

export class AddressBook {
  readonly #addresses = new Map<number, InstanceAddress>();

  /** A later generation replaces an earlier one: what is sent to the earlier finds nobody. */
  add(addresses: readonly InstanceAddress[]): void {
    for (const address of addresses) {
      assert(
        Number.isInteger(address.port) && address.port > 0 && address.port < 65536,
        "a port must come from the kernel",
      );
      const known = this.#addresses.get(address.id);
      if (known === undefined || known.generation <= address.generation) this.#addresses.set(address.id, address);
    }
  }

  /** Where this id was last known to listen, whatever its generation. */
  last(id: number): InstanceAddress | undefined {
    return this.#addresses.get(id);
  }

  all(): readonly InstanceAddress[] {
    return [...this.#addresses.values()];
  }
}

export function originOf(port: number): string {
  return `http://${LOOPBACK}:${port}`;
}
