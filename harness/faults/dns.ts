// Nobody finds the callee: its name does not resolve.
import { distribution } from "../schema/distribution.ts";
import { fault } from "./fault.ts";

export const dns = fault({
  about: "Lets callers look up the callee in vain: they send nothing, and count no healthy host.",
  level: "request",
  targets: ["service", "operation", "edge"],
  hasDirection: false,
  attributes: {
    after: distribution("request").prefault("0ms").describe("How long a caller looks: a time or a distribution."),
  },
  disturb: ({ after }) => [{ on: "request", do: "unresolve", time: after }],
});
