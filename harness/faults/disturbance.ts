// The closed vocabulary in which faults speak. Each engine (and the actor, for the request path) implements
// every word once; a new fault combines words and needs no change there.
import type { Distribution } from "../core/distribution.ts";

export type Disturbance =
  /** Holds a request for a drawn time before it is handled (service scope) or sent (edge scope). No worker is held. */
  | { readonly on: "request"; readonly do: "delay"; readonly time: Distribution }
  /** Answers a request at once with an error status, in place of handling or sending it. */
  | { readonly on: "request"; readonly do: "answer"; readonly status: number }
  /** Instant: the instance dies, loses what it holds, and starts again after its start-up time. */
  | { readonly on: "instance"; readonly do: "kill" }
  /** The instance stands still (stop the world); what arrives waits. */
  | { readonly on: "instance"; readonly do: "stop" }
  /** The share of the instance's CPU that is left. */
  | { readonly on: "instance"; readonly do: "capacity"; readonly ratio: number };
