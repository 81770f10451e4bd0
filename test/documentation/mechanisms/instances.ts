// Mechanisms of one instance.
import { type Mechanism, NO_THEORY } from "./mechanism.ts";

export const instances: readonly Mechanism[] = [
  {
    name: "Workers and their queue",
    words: ["service.pool"],
    sim: "test/service/instance.test.ts",
    live: "test/live/live-engine.test.ts",
    theory: "test/sim/theory.test.ts",
    scenario: "scenarios/strategies/metastable.yaml#bounded-queue",
  },
  {
    name: "Cores, shared or one job each",
    words: ["service.cpu"],
    sim: "test/service/cpu.test.ts",
    live: "test/live/live-engine.test.ts",
    theory: "test/sim/theory-service-times.test.ts",
    scenario: "scenarios/strategies/checkout-bad-release.yaml#cache-error-gate",
  },
  {
    name: "What becomes of abandoned work",
    words: ["service.onDeadline"],
    sim: "test/service/abandonment.test.ts",
    live: "test/verify/parity.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/strategies/metastable.yaml#expired-work-cancelled",
  },
  {
    name: "Start-up time",
    words: ["service.startup"],
    sim: "test/engine/lifecycle.test.ts",
    live: "test/live/fleet-faults.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/strategies/playlist-bad-release.yaml#canary",
  },
  {
    name: "Drain on stop",
    words: ["service.terminationGrace"],
    sim: "test/actor/service-actor-life.test.ts",
    live: "test/mock-services/service-host.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/strategies/playlist-bad-release.yaml#automatic-rollback",
  },
  {
    name: "Requests that end badly",
    words: ["service.errors"],
    sim: "test/service/errors.test.ts",
    live: "test/mock-services/service-host.test.ts",
    theory: "test/sim/theory.test.ts",
    scenario: "scenarios/strategies/playlist-bad-release.yaml#never-rolled-back",
  },
];
