// Caches are emptied: a deployment, an operator, a change of the keys. Everything is asked for anew.
import { fault } from "./fault.ts";

export const cacheFlush = fault({
  about: "Empties the caches of instances once, all at the same moment.",
  level: "instance",
  targets: ["service", "instance"],
  needs: "cache",
  attributes: {},
  disturb: () => [{ on: "instance", do: "flush" }],
});
