// Answers begin at once and take for ever: a timeout for the first byte sees nothing wrong.
import { distribution } from "../schema/distribution.ts";
import { fault } from "./fault.ts";

export const slowBody = fault({
  about: "Sends answers drop by drop: the head at once, the body over a time. Holds no worker.",
  level: "request",
  targets: ["service", "operation", "instance", "edge"],
  hasDirection: false,
  attributes: { over: distribution("request").describe("How long a body takes: a time or a distribution.") },
  disturb: ({ over }) => [{ on: "request", do: "drip", time: over }],
});
