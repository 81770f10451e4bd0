// The two files that `firebreak init` writes: small enough to read in a minute, and they already tell two
// strategies apart.
import { existsSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../recording/folder.ts";
import type { BadInput } from "./bad-input.ts";
import { badArgument } from "./bad-input.ts";

const TOPOLOGY = `# The fleet: what exists, and how it is defended.
topology: first-shop
about: A web front, a cart and payments
zones: [east, west]
network: { sameZone: 0.3ms, crossZone: 2ms }
teams:
  shop: { responders: 1, acknowledge: 2m, diagnose: 3m }
services:
  web:
    team: shop
    replicas: 4 # spread evenly over the zones
    pool: { concurrency: 32, queue: { capacity: 64 } } # a slow callee exhausts these workers
    operations: # what a request makes it do, step by step
      buy: [1ms, cart.read, payments.charge]
      browse: [2ms, cart.read?] # "?": without its answer the page is degraded, not broken
    calls: # how it defends itself, per callee
      payments: { attemptTimeout: 500ms, retry: { maxAttempts: 2, budget: { type: ratio, ratio: 20% } } }
  cart:
    team: shop
    replicas: 2
    operations: { read: [{ p50: 2ms, p99: 12ms }] } # a log-normal time through both
  payments:
    team: shop
    replicas: 4
    pool: { concurrency: 16, queue: { capacity: 64 } }
    operations: { charge: [{ p50: 8ms, p99: 40ms }] }
`;

const SCENARIO = `# What happens to the fleet, and what must hold.
scenario: first-bad-release
about: A release of payments that fails every other request, shipped in two ways
topology: ./topology.yaml
seed: 1
warmUp: 30s
duration: 12m # after the warm-up; every "at" counts from its end
journeys: # what users do, and what they were promised
  buy: { start: web.buy, objective: { good: 99%, within: 1s } }
  browse: { start: web.browse, objective: { good: 99%, within: 500ms } }
load:
  shoppers: { mix: { buy: 1, browse: 3 }, rate: 200/s, arrivals: poisson, users: 20000 }
versions: # what can be shipped
  v2: { service: payments, changes: { errors: { share: 50%, status: 500 } } }
timeline:
  - { at: 1m, release: v2 } # travels by the rollout of whichever strategy is under test
analysis: # a gate: measured every interval on the new version
  health: { interval: 30s, count: 3, failureLimit: 1, metrics: [{ metric: availability, atLeast: 97% }] }
strategies: # each is one run: same users, same arrivals
  everywhere: # ship it at once, and let somebody notice
    rollout: { kind: everywhere }
    respond: [{ at: 9m, do: rollback }]
    expect: escaped
  canary: # a fifth of the traffic first, and a gate that decides
    rollout: { kind: canary, steps: [20, { analysis: health }, 50, { analysis: health }] }
    respond: [{ when: analysis, do: rollback }]
    expect: contained
engines: { live: { compress: 8 } } # on real processes, pauses and windows are so much shorter
containment: { within: [payments], users: 5%, recoverWithin: 2m }
`;

/** Writes both files and answers with their paths. Existing files are left alone: BadInput. */
export function writeFirstScenario(folder: string): { readonly topology: string; readonly scenario: string } {
  const topology = path.join(folder, "topology.yaml");
  const scenario = path.join(folder, "scenario.yaml");
  // Both or none: half a beginning would stand in the way of the next attempt.
  for (const file of [topology, scenario]) if (existsSync(file)) throw alreadyThere(file);
  if (existsSync(folder) && !statSync(folder).isDirectory()) throw alreadyThere(folder);
  makeFolder(folder);
  write(topology, TOPOLOGY);
  write(scenario, SCENARIO);
  return { topology, scenario };
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw alreadyThere(file);
  }
}

function alreadyThere(file: string): BadInput {
  return badArgument("file-exists", `${file} is already there`, "choose another folder: npx firebreak init <folder>");
}
