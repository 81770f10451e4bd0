// The network falls apart: both sides live, and nothing that one sends reaches the other.
import { fault } from "./fault.ts";

export const partition = fault({
  about:
    "Loses messages between callers and callees, in both directions unless one is named; a zone alone is cut off from the others.",
  level: "request",
  targets: ["service", "operation", "edge", "zone"],
  attributes: {},
  disturb: () => [{ on: "request", do: "lose" }],
});
