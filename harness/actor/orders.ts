// What the machines of one instance do when a fault tells them something.
import { unreachable } from "../core/assert.ts";
import type { InstanceOrder } from "../faults/instance-order.ts";
import type { Instance } from "../service/instance.ts";
import type { Doorway } from "./doorway.ts";

/** The integrals have been brought up to now. */
export function obey(machine: Instance, doorway: Doorway, nowMs: number, order: InstanceOrder): void {
  switch (order.do) {
    case "leak":
      machine.vitals?.memory?.leak(nowMs, order.bytesPerMs);
      break;
    case "flush":
      machine.cache?.flush(nowMs);
      break;
    case "limitConnections":
      doorway.limitConnections(order.most ?? Infinity);
      break;
    default:
      unreachable(order);
  }
}
