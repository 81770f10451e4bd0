// The catalogue of faults.
import { BOTH_ENGINES, type Mechanism, NO_THEORY } from "./mechanism.ts";

const AT_THE_DOOR = "test/mock-services/http-faults.test.ts";
const IN_PATH = "test/faults/in-path.test.ts";
const BROKEN_ANSWERS = "scenarios/mechanisms/broken-answers.yaml";
const BAD_NETWORK = "scenarios/mechanisms/bad-network.yaml";
const LOST_INSTANCES = "scenarios/mechanisms/lost-instances.yaml";
const LOST_STATE = "scenarios/mechanisms/lost-state.yaml";
const SCHEDULES = "scenarios/mechanisms/fault-schedules.yaml";

function onRequests(name: string, kind: string, changes: Pick<Mechanism, "scenario"> & Partial<Mechanism>): Mechanism {
  return { name, words: [`fault.${kind}`], sim: IN_PATH, live: AT_THE_DOOR, theory: NO_THEORY, ...changes };
}

export const faults: readonly Mechanism[] = [
  onRequests("Latency", "latency", {
    scenario: { none: "lossy-link of bad-network is latency with a cause" },
  }),
  onRequests("Error answers", "error", { sim: "test/actor/entrance.test.ts", scenario: `${BROKEN_ANSWERS}#error` }),
  onRequests("Connections reset", "reset", { sim: "test/actor/exit.test.ts", scenario: `${BROKEN_ANSWERS}#reset` }),
  onRequests("Half-open connections", "hang", { sim: "test/actor/exit.test.ts", scenario: `${BROKEN_ANSWERS}#hang` }),
  onRequests("Dripping bodies", "slowBody", {
    sim: "test/actor/exit.test.ts",
    scenario: `${BROKEN_ANSWERS}#slow-body`,
  }),
  onRequests("Malformed answers", "malformed", { scenario: `${BROKEN_ANSWERS}#malformed` }),
  onRequests("Packet loss", "packetLoss", { theory: IN_PATH, scenario: `${BAD_NETWORK}#lossy-link` }),
  onRequests("A narrow link", "bandwidth", { theory: IN_PATH, scenario: `${BAD_NETWORK}#narrow-link` }),
  onRequests("Partition", "partition", {
    sim: "test/actor/call-way.test.ts",
    live: BOTH_ENGINES,
    scenario: `${BAD_NETWORK}#partition`,
  }),
  onRequests("A name that does not resolve", "dns", {
    sim: "test/actor/call-way.test.ts",
    live: BOTH_ENGINES,
    scenario: `${BAD_NETWORK}#lost-name`,
  }),
  {
    name: "More people",
    words: ["fault.loadSpike"],
    sim: "test/sim/fault-words.test.ts",
    live: BOTH_ENGINES,
    theory: "test/actor/surges.test.ts",
    scenario: `${LOST_INSTANCES}#three-times-as-many`,
  },
  {
    name: "Closed ports",
    words: ["fault.refuse"],
    sim: "test/sim/fault-words.test.ts",
    live: AT_THE_DOOR,
    theory: NO_THEORY,
    scenario: `${LOST_INSTANCES}#two-ports-closed`,
  },
  {
    name: "Crash",
    words: ["fault.crash"],
    sim: "test/sim/simulation.test.ts",
    live: "test/live/fleet-faults.test.ts",
    theory: NO_THEORY,
    scenario: `${LOST_INSTANCES}#one-crash`,
  },
  {
    name: "Restart",
    words: ["fault.restart"],
    sim: "test/engine/fault-schedule.test.ts",
    live: "test/live/fleet-faults.test.ts",
    theory: NO_THEORY,
    scenario: `${LOST_INSTANCES}#all-restarted`,
  },
  {
    name: "Outage of a zone",
    words: ["fault.zoneOutage"],
    sim: "test/engine/fault-schedule.test.ts",
    live: "test/live/fleet-faults.test.ts",
    theory: NO_THEORY,
    scenario: `${LOST_INSTANCES}#zone-lost`,
  },
  {
    name: "Slow starts",
    words: ["fault.slowStart"],
    sim: "test/engine/fault-schedule.test.ts",
    live: BOTH_ENGINES,
    theory: NO_THEORY,
    scenario: `${LOST_INSTANCES}#all-restarted-slowly`,
  },
  {
    name: "Failing readiness",
    words: ["fault.failReadiness"],
    sim: "test/engine/fault-schedule.test.ts",
    live: BOTH_ENGINES,
    theory: NO_THEORY,
    scenario: `${LOST_STATE}#nobody-ready`,
  },
  {
    name: "Leaking memory",
    words: ["fault.memoryLeak"],
    sim: "test/service/memory.test.ts",
    live: BOTH_ENGINES,
    theory: NO_THEORY,
    scenario: `${LOST_STATE}#all-instances-leak`,
  },
  {
    name: "Flushed caches",
    words: ["fault.cacheFlush"],
    sim: "test/engine/fault-schedule.test.ts",
    live: BOTH_ENGINES,
    theory: NO_THEORY,
    scenario: `${LOST_STATE}#all-caches-flushed`,
  },
  {
    name: "Fewer connections",
    words: ["fault.connectionLimit"],
    sim: "test/engine/fault-schedule.test.ts",
    live: AT_THE_DOOR,
    theory: NO_THEORY,
    scenario: `${LOST_STATE}#no-connections`,
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
    sim: "test/engine/fault-schedule.test.ts",
    live: BOTH_ENGINES,
    theory: NO_THEORY,
    scenario: `${SCHEDULES}#ramping-down`,
  },
];
