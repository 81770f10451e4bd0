// Requests are held up: a slow network, a slow disk, a lock somewhere.
import { distribution } from "../schema/distribution.ts";
import { fault } from "./fault.ts";

export const latency = fault({
  about: "Adds a time to each request before it is handled (or sent, on a call). Holds no worker.",
  level: "request",
  targets: ["service", "operation", "instance", "edge"],
  attributes: { add: distribution("request").describe("How much: a time or a distribution.") },
  disturb: ({ add }) => [{ on: "request", do: "delay", time: add }],
});
