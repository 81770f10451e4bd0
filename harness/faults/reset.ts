// Connections break under requests: a process that is killed, a firewall that forgets, a load balancer that is replaced.
import { distribution } from "../schema/distribution.ts";
import { fault } from "./fault.ts";

export const reset = fault({
  about: "Resets the connections of requests (RST), at once or after a time.",
  level: "request",
  targets: ["service", "operation", "instance", "edge"],
  attributes: {
    after: distribution("request")
      .prefault("0ms")
      .describe("How long a request is held before: a time or a distribution."),
  },
  disturb: ({ after }) => [
    { on: "request", do: "delay", time: after },
    { on: "request", do: "reset" },
  ],
});
