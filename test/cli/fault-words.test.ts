import path from "node:path";
import { expect, test } from "vitest";
import { faultWords } from "../../harness/cli/fault-words.ts";
import { faults } from "../../harness/faults/catalogue.ts";
import { loadStudy } from "../../harness/language/load-study.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { folderWith } from "./firebreak.ts";

const TOPOLOGY = `
topology: two-zones
zones: [north, south]
services:
  web: { replicas: 4, operations: { page: [2ms, db.read], admin: [2ms, db.write] } }
  db:
    replicas: 4
    memory: { limit: 100MiB, perRequest: 1MiB }
    cache: { capacity: 100, keys: { count: 1000 } }
    operations: { read: [3ms], write: [3ms] }
`;

function planOf(event: string): Plan {
  const scenario = `
scenario: faults
topology: ./topology.yaml
duration: 10m
journeys: { page: { start: web.page }, admin: { start: web.admin } }
load:
  users: { mix: { page: 1, admin: 1 }, rate: 100/s }
  testers: { journey: page, rate: 1/s, headers: { x-test: "yes", x-tier: gold } }
versions: { next: { service: db, changes: { errors: { share: 1% } } } }
timeline: [ { at: 1m, release: next }, ${event} ]
strategies: { all: { rollout: { kind: everywhere }, expect: contained } }
`;
  const place = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario });
  const options = { vars: {}, seed: null, strategies: null, engine: "sim", size: null, strict: false } as const;
  const { study, problems } = loadStudy(path.join(place, "scenario.yaml"), options);
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  return study!.variants[0]!.plan;
}

function wordsOf(event: string): string {
  const plan = planOf(event);
  return faultWords(
    plan,
    plan.timeline.find((each) => each.do === "fault")!,
  );
}

test.each([
  ["{ kind: latency, on: db, add: 300ms }", "latency 300 ms on db"],
  ["{ kind: latency, on: db, add: 1500ms }", "latency 1.5 s on db"],
  ["{ kind: latency, on: db, add: { p50: 20ms, p99: 120ms } }", "latency p50 20 ms and p99 120 ms on db"],
  ["{ kind: latency, on: db, add: { uniform: [0.5ms, 2s] } }", "latency 0.5 ms to 2 s on db"],
  ["{ kind: error, on: db, status: 503 }", "error 503 on db"],
  ["{ kind: reset, on: db }", "reset on db"],
  ["{ kind: reset, on: db, after: 3s }", "reset after 3 s on db"],
  ["{ kind: packetLoss, on: db, loss: 2.5% }", "packetLoss of 2.5 % (sent again after 200 ms) on db"],
  ["{ kind: bandwidth, on: db, rate: 1MiB/s, message: 16KiB }", "bandwidth of 64 messages/s on db"],
  ["{ kind: capacity, on: db, to: 70% }", "capacity down to 70 % on db"],
  ["{ kind: memoryLeak, on: db, rate: 2MiB/s }", "memoryLeak 2 MiB/s on db"],
  ["{ kind: connectionLimit, on: db, to: 40 }", "connectionLimit to 40 on db"],
  ["{ kind: loadSpike, on: users, times: 3 }", "loadSpike 3 times on load users"],
])("%s is printed with what it does", (fault, words) => {
  expect(wordsOf(`{ at: 2m, fault: ${fault} }`)).toBe(`fault ${words}, to the end`);
});

test.each([
  ["on: db.read", "on db.read"],
  ["on: db#2", "on db#2"],
  ["on: web -> db", "on web -> db"],
  ["on: web -> db.write", "on web -> db.write"],
  ["on: db, version: next", "on db, only version next"],
  ["on: web -> db, version: next", "on web -> db, only version next"],
  ["on: db, zone: south", "on db, only in zone south"],
  ["on: web -> db, zone: south", "on web -> db, only calls from zone south"],
  ["on: db, instances: 1", "on db, 1 instance"],
  ["on: db, instances: 30%", "on db, 30 % of the instances"],
  ["on: db, share: 20%", "on db, 20 % of requests"],
  ["on: db, share: 99.95%", "on db, 99.95 % of requests"],
  ["on: db, share: 20%, perConnection: true", "on db, 20 % of connections"],
  ["on: db, requests: { every: 3 }", "on db, every 3rd request of each instance"],
  ["on: db, requests: { every: 11 }", "on db, every 11th request of each instance"],
  ["on: web -> db, requests: { first: 100 }", "on web -> db, the first 100 requests of each calling instance"],
  [
    'on: db, requests: { header: { x-test: "yes", x-tier: gold }, every: 2 }',
    "on db, only requests with x-test: yes and x-tier: gold, every 2nd request of each instance",
  ],
  ["on: db, direction: request", "on db, on the way there"],
  ["on: db, direction: response", "on db, on the way back"],
])("a fault with `%s` is printed with whom it hits", (scope, words) => {
  expect(wordsOf(`{ at: 2m, for: 1m, fault: { kind: error, ${scope} } }`)).toBe(`fault error 500 ${words}, for 1 min`);
});

test("a fault on a zone names it", () => {
  expect(wordsOf("{ at: 2m, for: 90s, fault: { kind: zoneOutage, zone: south } }")).toBe(
    "fault zoneOutage on zone south, for 1 min 30 s",
  );
});

const WHEN = "when: { metric: services.db.availability, over: 10s, atMost: 99.5% }";
const SEEN = "when services.db.availability is at most 99.5 % over 10 s, from 2:00 on: fault";

test.each([
  ["{ at: 2m, fault: { kind: crash, on: db } }", "fault crash on db"],
  ["{ at: 2m, repeatEvery: 10s, fault: { kind: crash, on: db } }", "fault crash on db, again every 10 s"],
  ["{ at: 2m, for: 500ms, fault: { kind: pause, on: db } }", "fault pause on db, for 500 ms"],
  ["{ at: 2m, background: true, fault: { kind: pause, on: db } }", "fault pause on db, to the end (background)"],
  [
    "{ at: 2m, for: 2m, rampOver: 90s, repeatEvery: 3m, fault: { kind: capacity, on: db, to: 50% } }",
    "fault capacity down to 50 % on db, growing to its full strength over 1 min 30 s, for 2 min, again every 3 min",
  ],
  [`{ at: 2m, ${WHEN}, fault: { kind: pause, on: db } }`, `${SEEN} pause on db, for as long as that holds`],
  [`{ at: 2m, for: 5s, ${WHEN}, fault: { kind: pause, on: db } }`, `${SEEN} pause on db, for 5 s, once`],
  [
    `{ at: 2m, for: 5s, repeatEvery: 20s, ${WHEN}, fault: { kind: pause, on: db } }`,
    `${SEEN} pause on db, for 5 s, again after 20 s`,
  ],
  [`{ at: 2m, ${WHEN}, fault: { kind: crash, on: db } }`, `${SEEN} crash on db, once`],
])("%s is printed with when it is in force", (event, words) => {
  expect(wordsOf(event)).toBe(words);
});

test("whatever attributes a fault of the catalogue has are words", () => {
  const values: Readonly<Record<string, string>> = {
    add: "5ms",
    over: "5s",
    loss: "1%",
    rate: "1MiB/s",
    times: "3",
    to: "50%",
  };
  for (const [kind, { attributes, level, targets }] of Object.entries(faults)) {
    const set = Object.keys(attributes).flatMap((name) => {
      const value = kind === "connectionLimit" ? "9" : values[name];
      return value === undefined ? [] : [`, ${name}: ${value}`];
    });
    const on = level === "load" ? "users" : targets.includes("service") ? "db" : "web -> db";
    const words = wordsOf(`{ at: 2m, fault: { kind: ${kind}, on: ${on}${set.join("")} } }`);
    expect(words).toMatch(new RegExp(`^fault ${kind} `));
    expect(words).not.toMatch(/[{}"]|undefined|NaN|–/);
  }
});
