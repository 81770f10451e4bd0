// Stop the world: a long garbage collection, a frozen virtual machine, SIGSTOP.
import { fault } from "./fault.ts";

export const pause = fault({
  about: "Instances stand still while it lasts (stop the world); what arrives waits.",
  level: "instance",
  targets: ["service", "instance"],
  attributes: {},
  disturb: () => [{ on: "instance", do: "stop" }],
});
