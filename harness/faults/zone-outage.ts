// A zone is gone: power, cooling, a flood. Whatever stood in it is dead until it is over.
import { fault } from "./fault.ts";

export const zoneOutage = fault({
  about: "Kills every instance in a zone (or those of one service) and keeps them dead while it lasts.",
  level: "instance",
  targets: ["service", "instance", "zone"],
  attributes: {},
  disturb: () => [{ on: "instance", do: "down" }],
});
