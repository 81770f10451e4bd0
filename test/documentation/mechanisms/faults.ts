// The catalogue of faults.
import { type Evidence, type Mechanism, NO_THEORY } from "./mechanism.ts";

const UNUSED: Evidence = { none: "no shipped scenario has it yet" };

export const faults: readonly Mechanism[] = [
  {
    name: "Latency",
    words: ["fault.latency"],
    sim: "test/faults/in-path.test.ts",
    live: { none: "the actor holds the request, on either engine; nothing on the wire differs" },
    theory: NO_THEORY,
    scenario: UNUSED,
  },
  {
    name: "Error answers",
    words: ["fault.error"],
    sim: "test/actor/entrance.test.ts",
    live: { none: "the actor answers, on either engine; nothing on the wire differs from an error of the service" },
    theory: NO_THEORY,
    scenario: UNUSED,
  },
  {
    name: "Crash",
    words: ["fault.crash"],
    sim: "test/sim/simulation.test.ts",
    live: "test/live/fleet-faults.test.ts",
    theory: NO_THEORY,
    scenario: UNUSED,
  },
  {
    name: "Pause: stop the world",
    words: ["fault.pause"],
    sim: "test/actor/service-actor-life.test.ts",
    live: "test/live/fleet-faults.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/strategies/metastable.yaml#as-published",
  },
  {
    name: "Less capacity",
    words: ["fault.capacity"],
    sim: "test/engine/lifecycle.test.ts",
    live: { none: "the instance's own CPU machine runs slower, on either engine" },
    theory: NO_THEORY,
    scenario: UNUSED,
  },
];
