// The closed vocabulary in which faults speak. Each engine (and the actor, for the request path) implements
// every word once; a new fault combines words and needs no change there.
import type { Distribution } from "../core/distribution.ts";
import { unreachable } from "../core/assert.ts";
import type { FaultDirection, FaultScope } from "../model/release-plan.ts";

export type Disturbance =
  /** Holds a request for a drawn time before it is handled (service scope) or sent (edge scope). No worker is held. */
  | { readonly on: "request"; readonly do: "delay"; readonly time: Distribution }
  /** Answers a request at once with an error status, in place of handling or sending it. */
  | { readonly on: "request"; readonly do: "answer"; readonly status: number }
  /** Resets the request's connection. */
  | { readonly on: "request"; readonly do: "reset" }
  /** Never answers: the caller waits until it gives up (a half-open connection). On a call, the message is lost. */
  | { readonly on: "request"; readonly do: "hang" }
  /** Answers with bytes that are not HTTP. */
  | { readonly on: "request"; readonly do: "garble" }
  /** The answer begins at once, and its body comes in drops over a drawn time. */
  | { readonly on: "request"; readonly do: "drip"; readonly time: Distribution }
  /** Each message is one packet, which is lost with this probability and sent again after a timeout that doubles. */
  | { readonly on: "request"; readonly do: "retransmit"; readonly loss: number; readonly timeoutMs: number }
  /** The messages go one after the other over a link that takes so long for each; they queue for it. */
  | { readonly on: "request"; readonly do: "transmit"; readonly messageMs: number }
  /** Messages between caller and callee are lost, so that the caller waits until it gives up. */
  | { readonly on: "request"; readonly do: "lose" }
  /** Callers do not find the callee's address, hear of that after a drawn time, and send nothing. */
  | { readonly on: "request"; readonly do: "unresolve"; readonly time: Distribution }
  /** So many times as many people of the load set out. */
  | { readonly on: "load"; readonly do: "multiply"; readonly times: number }
  /** Instant: the instance dies, loses what it holds, and starts again after its start-up time. */
  | { readonly on: "instance"; readonly do: "kill" }
  /** The instance stands still (stop the world); what arrives waits. */
  | { readonly on: "instance"; readonly do: "stop" }
  /** Nobody listens at the instance's port; what it holds already, it finishes. */
  | { readonly on: "instance"; readonly do: "refuse" }
  /** Instant: the instance is told to end, and starts again when it has. */
  | { readonly on: "instance"; readonly do: "restart" }
  /** The instance dies, and does not start again before the fault is over. */
  | { readonly on: "instance"; readonly do: "down" }
  /** Instances that start meanwhile take so many times as long. */
  | { readonly on: "instance"; readonly do: "slowStart"; readonly times: number }
  /** The instance's memory leaks so much more, until it is full. */
  | { readonly on: "instance"; readonly do: "leak"; readonly bytesPerMs: number }
  /** Instant: the instance's cache is empty. */
  | { readonly on: "instance"; readonly do: "flush" }
  /** The instance takes at most so many connections, a request each. */
  | { readonly on: "instance"; readonly do: "limitConnections"; readonly most: number }
  /** The instance is not ready: callers are told to leave it alone. */
  | { readonly on: "instance"; readonly do: "unready" }
  /** The share of the instance's CPU that is left. */
  | { readonly on: "instance"; readonly do: "capacity"; readonly ratio: number };

/** A word on requests and their answers. */
export type RequestDisturbance = Extract<Disturbance, { on: "request" }>;

/** A word on how many people come. */
export type LoadDisturbance = Extract<Disturbance, { on: "load" }>;

/** The ways on which a word acts: those that its fault says, else its own. */
export function directionsOf(
  disturbance: RequestDisturbance,
  { direction }: Pick<FaultScope, "direction">,
): readonly FaultDirection[] {
  return direction === undefined ? ownDirections(disturbance) : [direction];
}

function ownDirections({ do: does }: RequestDisturbance): readonly FaultDirection[] {
  switch (does) {
    case "delay":
    case "answer":
    case "reset":
    case "hang":
    case "unresolve":
      return ["request"];
    case "garble":
    case "drip":
      return ["response"];
    case "retransmit":
    case "transmit":
    case "lose":
      return ["request", "response"];
    default:
      return unreachable(does);
  }
}

/** Whether the word has a size of its own, which grows where a fault ramps up; of the others the share of requests grows. */
export function hasSize({ do: does }: RequestDisturbance): boolean {
  switch (does) {
    case "delay":
    case "drip":
    case "retransmit":
    case "transmit":
      return true;
    case "answer":
    case "reset":
    case "hang":
    case "garble":
    case "lose":
    case "unresolve":
      return false;
    default:
      return unreachable(does);
  }
}

/** Whether the word acts on the way between a caller and its callee, also where the fault is on the callee alone. */
export function isOnTheWay({ do: does }: RequestDisturbance): boolean {
  return does === "unresolve" || does === "lose";
}
