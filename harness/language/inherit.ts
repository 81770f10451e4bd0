// What a file leaves out comes from its defaults: services from `defaults.service`, calls from `defaults.call`
// and from the entry of the whole callee. Done on the tree, so that every value keeps the place it came from.
import { serviceAddressOf } from "../schema/service-address.ts";
import { mapAt, nodeAt, type MapNode, type Node } from "./node.ts";
import { withPreset } from "./apply-preset.ts";
import { mapValues, patched, withEntry } from "./patch.ts";
import { CALL_PRESETS, SERVICE_PRESETS } from "./presets.ts";

/** The topology with every service complete, and every entry of its `calls` too. */
export function completeTopology(topology: MapNode): MapNode {
  const services = mapAt(topology, ["services"]);
  if (services === null) return topology;
  const call = nodeAt(topology, ["defaults", "call"]);
  return withEntry(
    completeDefaultCall(topology),
    "services",
    mapValues(services, (service) => completeCalls(completeService(topology, service), call)),
  );
}

/** `defaults.call` holds as it is where a call has no entry: with its own preset. */
function completeDefaultCall(topology: MapNode): MapNode {
  const defaults = mapAt(topology, ["defaults"]);
  const call = mapAt(topology, ["defaults", "call"]);
  if (defaults === null || call === null) return topology;
  return withEntry(topology, "defaults", withEntry(defaults, "call", withPreset(call, CALL_PRESETS)));
}

/** A service under `defaults.service`; its calls are still as written. */
export function completeService(topology: MapNode, service: Node): Node {
  return withPreset(patched(nodeAt(topology, ["defaults", "service"]), service), SERVICE_PRESETS);
}

/** A service or load whose `calls` entries inherit: `defaults.call`, then the callee's entry, then the operation's. */
export function completeCalls(caller: Node, defaultCall: Node | null): Node {
  const calls = mapAt(caller, ["calls"]);
  if (calls === null || caller.type !== "map") return caller;
  const complete = mapValues(calls, (entry, key) => {
    const address = serviceAddressOf(key);
    const whole = typeof address?.operation === "string" ? (calls.entries.get(address.service)?.node ?? null) : null;
    const merged = [whole, entry].reduce<Node>(
      (below, layer) => (layer === null ? below : patched(below, layer)),
      defaultCall ?? emptyLike(entry),
    );
    return withPreset(merged, CALL_PRESETS);
  });
  return withEntry(caller, "calls", complete);
}

function emptyLike(node: Node): Node {
  return { type: "map", entries: new Map(), place: node.place };
}
