import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { planText } from "../../harness/cli/plan-text.ts";
import { loadStudy } from "../../harness/language/load-study.ts";
import type { Study } from "../../harness/model/plan.ts";
import { folderWith } from "./firebreak.ts";

const SCENARIOS = fileURLToPath(new URL("../../scenarios", import.meta.url));
const files = ["case-studies", "mechanisms", "regressions", "strategies"].flatMap((folder) =>
  readdirSync(path.join(SCENARIOS, folder)).map((name) => path.join(folder, name)),
);

function studyOf(file: string): Study {
  const options = { vars: {}, seed: null, strategies: null, engine: "sim", size: null, strict: false } as const;
  const { study, problems } = loadStudy(file, options);
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  return { ...study!, file: path.basename(file) };
}

function printed(study: Study, columns: number): string {
  return planText(study, { real: study, engine: "sim", hashOf: () => "0123456789ab", columns });
}

test.each(files)("the plan of %s fits 80 and 200 columns, and nothing is cut off", (file) => {
  const study = studyOf(path.join(SCENARIOS, file));
  const [narrow, wide] = [printed(study, 80), printed(study, 200)];
  for (const [text, columns] of [
    [narrow, 80],
    [wide, 200],
  ] as const)
    for (const line of text.split("\n")) if (/\S\s+\S/.test(line)) expect(line.slice(columns), line).toBe("");
  const words = new Set(narrow.split(/[\s:,]+/));
  expect(wide.split(/[\s:,]+/).filter((word) => !words.has(word))).toEqual([]);
  expect(narrow + wide).not.toMatch(/[{}…]|undefined|NaN/);
});

const TOPOLOGY = `
topology: small
services:
  web: { replicas: 2, operations: { page: [2ms, db.read] } }
  db: { replicas: 2, operations: { read: [3ms] } }
`;

const SCENARIO = `
scenario: eventful
topology: ./topology.yaml
warmUp: 10s
duration: 10m
journeys: { page: { start: web.page, objective: { good: 99.95% } } }
load: { users: { journey: page, rate: 10/s, stages: [ { at: 30s, rate: 20/s }, { at: 3m, rate: 5/s, over: 30s } ] } }
versions:
  next: { service: db, changes: { errors: { share: 10% } } }
  bad-config: { service: web, kind: config, onApply: crash, changes: { work: 5ms } }
remedies:
  throttle: { load: users, to: 20%, over: 1m }
  reboot: { restart: db, atOnce: 1 }
timeline:
  - { at: 0s, when: { metric: services.db.queue, over: 2s, atLeast: 100 }, fault: { kind: crash, on: db } }
  - { at: 5m, push: bad-config }
  - { at: 2m, fault: { kind: error, on: db, status: 503 } }
  - { at: 1m, release: next }
  - { at: 6500ms, for: 1s, background: true, fault: { kind: pause, on: db#0 } }
  - { at: 9m, for: 1s, background: true, fault: { kind: pause, on: db#1 } }
`;

test("the timeline is in the order of time, with pushes, changes of the load and answers at stated times", () => {
  const strategies = `
strategies:
  all:
    rollout: { kind: everywhere }
    respond: [ { at: 4m, do: [ throttle, reboot ] }, { at: 90s, do: throttle } ]
    expect: persisted
`;
  const place = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": `${SCENARIO}${strategies}` });
  const text = printed(studyOf(path.join(place, "scenario.yaml")), 80);
  expect(text).toContain(`
Timeline
  0:06.5  fault pause on db#0, for 1 s (background)
    0:30  load users from 10/s to 20/s
    1:00  release next of db
    1:30  throttle automatically
    2:00  fault error 503 on db, to the end
    3:00  load users from 20/s to 5/s over 30 s
    4:00  throttle, reboot automatically
    5:00  push bad-config of web, which crashes its instances
    9:00  fault pause on db#1, for 1 s (background)
  when services.db.queue is at least 100 over 2 s, from 0:00 on: fault crash on
    db, once

Remedies
  reboot: restart db, 1 of its instances at once
  throttle: let in 20 % of load users, over 1 min
`);
  expect(text).toContain("at 1:30: throttle automatically\n    at 4:00: throttle, reboot automatically\n");
  expect(text).toContain("page: web.page, 99.95 % good\n");
});

test("strategies with other events or another load have sections of their own", () => {
  const strategies = `
strategies:
  one: { expect: persisted }
  two: { respond: [ { at: 2m, do: throttle } ], expect: persisted }
  three: { changes: { load: { users: { rate: 7/s, stages: null } }, services: { db: { replicas: 3 } } }, expect: persisted }
`;
  const events = SCENARIO.replace(/timeline:[^]*/, "timeline: [ { at: 1m, fault: { kind: crash, on: db } } ]").replace(
    /versions:[^]*?remedies:/,
    "remedies:",
  );
  const place = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": `${events}${strategies}` });
  const text = printed(studyOf(path.join(place, "scenario.yaml")), 200);
  expect(text).toContain("these are the services of one; others change some: three (db)\n");
  expect(text).toContain("Load of three\n  users: 7/s, poisson");
  expect(text).toContain("Timeline of one\n  0:30  load users");
  expect(text).toContain("  2:00  throttle automatically\n");
  expect(text).toContain("Timeline of three\n  1:00  fault crash on db\n\n");
});
