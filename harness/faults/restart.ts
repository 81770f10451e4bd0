// Instances are restarted: an operating system patch, a configuration that needs it, a nervous operator.
import { fault } from "./fault.ts";

export const restart = fault({
  about: "Restarts instances once, gracefully, all at the same moment: they end what they hold and start again.",
  level: "instance",
  targets: ["service", "instance"],
  attributes: {},
  disturb: () => [{ on: "instance", do: "restart" }],
});
