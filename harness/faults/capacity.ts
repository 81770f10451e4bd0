// Instances have less CPU: a noisy neighbour, throttling, a failing fan.
import { ratio } from "../schema/ratio.ts";
import { fault } from "./fault.ts";

export const capacity = fault({
  about: "Leaves instances a share of their CPU.",
  level: "instance",
  targets: ["service", "instance"],
  attributes: { to: ratio().describe("The share that is left: `70%`.") },
  disturb: ({ to }) => [{ on: "instance", do: "capacity", ratio: to }],
});
