// The people of a closed population as the fleet meets them: one request each, patience, and sessions on instances.
import { describe, expect, it } from "vitest";
import type { Caller } from "../../harness/actor/caller.ts";
import { LoadActor } from "../../harness/actor/load-actor.ts";
import type { LoadPlan, PopulationPlan } from "../../harness/model/load-plan.ts";
import { OK, TIMEOUT } from "../../harness/model/outcome.ts";
import { JOURNEY, JOURNEY_WIDTH } from "../../harness/signals/columns.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import { Tally } from "../../harness/signals/tally.ts";
import { variantPlan } from "../service/variant-plan.ts";
import { calling, fleetPlan } from "./fleet-plan.ts";

interface Sent {
  readonly slot: number;
  readonly serial: number;
  readonly user: number;
  readonly target: number;
  readonly operation: number;
  readonly atMs: number;
}

const CLIENTS = 8;
const POPULATION: PopulationPlan = { clients: CLIENTS, thinkTime: { kind: "constant", ms: 1000 }, session: null };
const WITH_SESSIONS: PopulationPlan = {
  ...POPULATION,
  session: {
    journey: 1,
    reconnect: { initialMs: 100, maxMs: 100, multiplier: 1, jitter: "none", proportion: 0 },
    endsOn: ["connection"],
  },
};

/** Clients of a service with two instances that answer when the test says so. */
class Crowd {
  readonly sent: Sent[] = [];
  readonly #tally: Tally;
  readonly #actor: LoadActor;
  #nowMs = 0;

  constructor(load: Partial<LoadPlan>) {
    const objective = { good: null, withinMs: null };
    const plan = fleetPlan([variantPlan([])], {
      load: { users: CLIENTS, callOfJourney: [0, 0], calls: [calling(0, { sticky: "instance" })], ...load },
      journeys: [
        { name: "visit", service: 0, operation: 0, objective },
        { name: "login", service: 0, operation: 1, objective },
      ],
    });
    this.#tally = new Tally(layoutOf(plan));
    const transport = {
      send: ({ table }: Caller, slot: number) =>
        void this.sent.push({
          slot,
          serial: table.serial[slot]!,
          user: table.user[slot]!,
          target: table.target[slot]!,
          operation: table.operation[slot]!,
          atMs: this.#nowMs,
        }),
      abandon: () => {},
      answer: () => {},
      drained: () => {},
      crashed: () => {},
      errandDone: () => {},
    };
    this.#actor = new LoadActor({ plan, load: 0, tally: this.#tally, transport, address: 0 });
    this.route([0, 1]);
  }

  route(ids: readonly number[]): void {
    const endpoints = ids.map((id) => ({ id, generation: 0, service: 0, variant: 0, zone: 0 }));
    this.#actor.route({ service: 0, endpoints, weights: null });
    this.#actor.lookAround(this.#nowMs, 0);
  }

  /** Lets time pass; every request that is sent meanwhile is answered at once where `cause` is given. */
  pass(toMs: number, cause: number | null = null): void {
    for (let dueMs = this.#actor.nextWakeup(); dueMs <= toMs; dueMs = this.#actor.nextWakeup()) {
      this.#nowMs = dueMs;
      const before = this.sent.length;
      this.#actor.wake(dueMs);
      if (cause !== null) for (const sent of this.sent.slice(before)) this.answer(sent, cause);
    }
    this.#nowMs = toMs;
  }

  answer({ slot, serial }: Sent, cause: number): void {
    this.#actor.answered(this.#nowMs, slot, serial, cause, false, 0, cause, 0, 0);
  }

  count(column: keyof typeof JOURNEY, cause = 0, row = 0): number {
    this.#actor.observe(this.#nowMs);
    return this.#tally.journeys[row * JOURNEY_WIDTH + JOURNEY[column] + cause]!;
  }
}

describe("a closed population", () => {
  it("has at most one request each under way", () => {
    const crowd = new Crowd({ population: POPULATION });
    crowd.pass(60_000);
    expect(crowd.sent).toHaveLength(CLIENTS);
    expect(new Set(crowd.sent.map(({ user }) => user)).size).toBe(CLIENTS);
  });

  it("asks once a think time where answers take none", () => {
    const crowd = new Crowd({ population: POPULATION });
    crowd.pass(60_000, OK);
    // Each client's phase decides whether its sixtieth request falls into the time.
    expect(Math.abs(crowd.sent.length - 60 * CLIENTS)).toBeLessThanOrEqual(CLIENTS);
    expect(crowd.count("newUsers")).toBe(CLIENTS);
  });

  it("is only so patient: who has waited long enough gives up, and thinks", () => {
    const crowd = new Crowd({ population: POPULATION, patience: { kind: "constant", ms: 400 } });
    crowd.pass(1399);
    expect(crowd.count("outcome", TIMEOUT)).toBe(CLIENTS);
    crowd.pass(60_000);
    expect(
      crowd.sent
        .filter(({ user }) => user === 0)
        .map(({ atMs }) => atMs % 1400)
        .every((ms, _, all) => Math.abs(ms - all[0]!) < 1e-6),
    ).toBe(true);
  });

  it("stays on the instance that answered, and comes back through the start of a session when that goes", () => {
    const crowd = new Crowd({ population: WITH_SESSIONS });
    crowd.pass(5000, OK);
    const home = new Map(crowd.sent.map(({ user, target }) => [user, target]));
    expect(crowd.sent.slice(CLIENTS).every(({ user, target }) => home.get(user) === target)).toBe(true);
    expect(new Set(home.values())).toEqual(new Set([0, 1]));
    const known = crowd.sent.length;
    crowd.route([0]);
    crowd.pass(5000 + 1000, OK);
    const logins = crowd.sent.slice(known).filter(({ operation }) => operation === 1);
    const displaced = [...home].filter(([, target]) => target === 1).map(([user]) => user);
    expect(new Map(logins.map(({ user, atMs }) => [user, atMs]))).toEqual(
      new Map(displaced.map((user) => [user, 5100])),
    );
    expect(logins).toHaveLength(displaced.length);
    expect(crowd.sent.slice(known).every(({ target }) => target === 0)).toBe(true);
    // Those were offline for 100 ms each.
    expect(crowd.count("connectedMs", 0, 1)).toBeCloseTo(CLIENTS * 6000 - displaced.length * 100, 6);
    expect(crowd.count("clientsMs", 0, 1)).toBe(CLIENTS * 6000);
  });
});
