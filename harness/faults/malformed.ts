// Answers that are not HTTP: another program on the port, a proxy gone wrong, a corrupted stream.
import { fault } from "./fault.ts";

export const malformed = fault({
  about: "Answers with bytes that are not HTTP, when the work is done (or, on the way there, in place of it).",
  level: "request",
  targets: ["service", "operation", "instance", "edge"],
  attributes: {},
  disturb: () => [{ on: "request", do: "garble" }],
});
