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
  {
    name: "A closed population: clients who wait, think and ask again",
    words: ["load.clients", "load.thinkTime"],
    sim: "test/load/population.test.ts",
    live: "test/live/live-clients.test.ts",
    theory: "test/sim/closed-populations.test.ts",
    scenario: "scenarios/mechanisms/reconnect-storm.yaml#eager",
  },
  {
    name: "Sessions: lost with their connection, won back with back-off",
    words: ["load.session", "call.sticky"],
    sim: "test/actor/load-actor-clients.test.ts",
    live: "test/live/live-clients.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/mechanisms/reconnect-storm.yaml#backing-off",
  },
  {
    name: "Headers that calls carry along, and faults on those who carry them",
    words: ["load.headers"],
    sim: "test/sim/carried-headers.test.ts",
    live: "test/mock-services/http-faults.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/mechanisms/faults-by-header.yaml#long-timeout",
  },
  {
    name: "Patience",
    words: ["load.patience"],
    sim: "test/actor/load-actor-clients.test.ts",
    live: "test/live/live-clients.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/mechanisms/reconnect-storm.yaml#eager",
  },
];
