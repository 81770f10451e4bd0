// Nobody listens: a server that has not bound its port, a firewall that rejects, a listener that was closed.
import { fault } from "./fault.ts";

export const refuse = fault({
  about: "Closes the port of instances: who connects is refused at once. What they hold they finish.",
  level: "instance",
  targets: ["service", "instance"],
  attributes: {},
  disturb: () => [{ on: "instance", do: "refuse" }],
});
