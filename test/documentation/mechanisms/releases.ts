// How releases reach the fleet, and who notices and acts.
import { type Mechanism, NO_THEORY } from "./mechanism.ts";

export const releases: readonly Mechanism[] = [
  {
    name: "Everywhere at once, or over a time",
    words: ["rollout.everywhere"],
    sim: "test/engine/rollouts.test.ts",
    live: "test/live/fleet-faults.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/strategies/checkout-bad-release.yaml#payment-at-once",
  },
  {
    name: "Recreate",
    words: ["rollout.recreate"],
    sim: "test/engine/rollouts.test.ts",
    live: "test/verify/parity.test.ts",
    theory: "test/engine/rollouts.test.ts",
    scenario: "scenarios/strategies/playlist-bad-release.yaml#never-rolled-back",
  },
  {
    name: "Rolling update",
    words: ["rollout.rollingUpdate"],
    sim: "test/engine/rollouts.test.ts",
    live: "test/verify/parity.test.ts",
    theory: "test/rollout/rolling-update.test.ts",
    scenario: "scenarios/strategies/playlist-bad-release.yaml#automatic-rollback",
  },
  {
    name: "Canary",
    words: ["rollout.canary"],
    sim: "test/engine/canary.test.ts",
    live: "test/verify/parity.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/strategies/playlist-bad-release.yaml#canary",
  },
  {
    name: "Staged by zone",
    words: ["rollout.staged"],
    sim: "test/engine/rollouts.test.ts",
    live: "test/verify/parity.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/strategies/playlist-bad-release.yaml#one-site-first",
  },
  {
    name: "Responses: at a time, on a gate or an alert, by a team that is a capacity",
    words: ["respond.at", "respond.when", "respond.by"],
    sim: "test/engine/responses.test.ts",
    live: "test/verify/parity.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/strategies/playlist-bad-release.yaml#paged-responder",
  },
];
