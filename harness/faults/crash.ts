// Instances die once, all at the same moment.
import { fault } from "./fault.ts";

export const crash = fault({
  about: "Kills instances once: they lose what they hold and start again, ready after their start-up time.",
  level: "instance",
  targets: ["service", "instance"],
  attributes: {},
  disturb: () => [{ on: "instance", do: "kill" }],
});
