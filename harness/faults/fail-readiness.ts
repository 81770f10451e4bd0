// Instances say that they are not ready: a dependency of their health check is gone, or the check is wrong.
import { fault } from "./fault.ts";

export const failReadiness = fault({
  about:
    "Fails the readiness of instances: by their probe where they have one, else at once. They go on with what reaches them.",
  level: "instance",
  targets: ["service", "instance"],
  attributes: {},
  disturb: () => [{ on: "instance", do: "unready" }],
});
