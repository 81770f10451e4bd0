// Mechanisms of those who send the requests.
import { type Mechanism, NO_THEORY } from "./mechanism.ts";

export const clients: readonly Mechanism[] = [
  {
    name: "Open arrivals, at a rate that changes",
    words: ["load.rate", "load.arrivals", "load.stages"],
    sim: "test/load/arrivals.test.ts",
    live: "test/live/load-host.test.ts",
    theory: "test/load/arrivals.test.ts",
    scenario: "scenarios/strategies/metastable-slow-cures.yaml#load-halved",
  },
  {
    name: "A population of users",
    words: ["load.users"],
    sim: "test/load/users.test.ts",
    live: "test/verify/parity.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/strategies/playlist-bad-release.yaml#canary",
  },
];
