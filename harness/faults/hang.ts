// Half-open connections: requests are taken and never answered, and nothing says so.
import { fault } from "./fault.ts";

export const hang = fault({
  about: "Takes requests and never answers them: their callers wait until they give up. Holds no worker.",
  level: "request",
  targets: ["service", "operation", "instance", "edge"],
  attributes: {},
  disturb: () => [{ on: "request", do: "hang" }],
});
