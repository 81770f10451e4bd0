// Users: when they set out, what they see, and how it is counted.
import { describe, expect, it } from "vitest";
import type { Caller } from "../../harness/actor/caller.ts";
import { LoadActor } from "../../harness/actor/load-actor.ts";
import { CANCELLED, ERROR, OK, SLOW, TIMEOUT, WRONG } from "../../harness/model/outcome.ts";
import type { LoadPlan } from "../../harness/model/load-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { JOURNEY, JOURNEY_WIDTH } from "../../harness/signals/columns.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import { Tally } from "../../harness/signals/tally.ts";
import { variantPlan } from "../service/variant-plan.ts";
import { calling, fleetPlan } from "./fleet-plan.ts";

const CONSTANT: Partial<LoadPlan> = { arrivals: "constant", rate: [{ atMs: 0, ratePerSecond: 100 }] };

class LoneLoad {
  readonly tally: Tally;
  readonly actor: LoadActor;
  /** The load's own reference of each request. */
  readonly owners = new Set<number>();
  /** Attempts that left: `[slot, serial, key high, user, when]`. */
  readonly sent: (readonly [slot: number, serial: number, key: number, user: number, atMs: number])[] = [];
  #nowMs = 0;

  constructor(load: Partial<LoadPlan>, changes: Partial<Plan> = {}) {
    const plan = fleetPlan([variantPlan([]), variantPlan([])], { load, ...changes });
    this.tally = new Tally(layoutOf(plan));
    const transport = {
      send: ({ table }: Caller, slot: number) => {
        this.owners.add(table.owner[slot]!);
        this.sent.push([slot, table.serial[slot]!, table.keyHigh[slot]!, table.user[slot]!, this.#nowMs]);
      },
      abandon: () => {},
      answer: () => {},
      drained: () => {},
      crashed: () => {},
      errandDone: () => {},
    };
    this.actor = new LoadActor({ plan, load: 0, tally: this.tally, transport, address: 0 });
    const instance = { id: 0, generation: 0, service: 0, variant: 0, zone: 0 };
    this.actor.route({ service: 0, endpoints: [instance], weights: null });
    this.actor.route({ service: 1, endpoints: [{ ...instance, id: 1, service: 1 }], weights: null });
  }

  pass(toMs: number): void {
    for (let dueMs = this.actor.nextWakeup(); dueMs <= toMs; dueMs = this.actor.nextWakeup()) {
      this.#nowMs = dueMs;
      this.actor.wake(dueMs);
    }
    this.#nowMs = toMs;
  }

  /** The n-th attempt is answered `afterMs` after it was sent; slow and origin are service 1's. */
  answer(nth: number, afterMs: number, cause: number, isDegraded = false): void {
    const [slot, serial, , , atMs] = this.sent[nth]!;
    this.actor.answered(atMs + afterMs, slot, serial, cause, isDegraded, 1, cause, 1, 999);
  }

  count(column: keyof typeof JOURNEY, cause = 0, row = 0): number {
    return this.tally.journeys[row * JOURNEY_WIDTH + JOURNEY[column] + cause]!;
  }
}

const within = (withinMs: number | null): Partial<Plan> => ({
  journeys: [{ name: "visit", service: 0, operation: 0, objective: { good: null, withinMs } }],
});

describe("a load", () => {
  it("sets out at its rate, whatever comes back", () => {
    const load = new LoneLoad(CONSTANT);
    load.pass(1000);
    expect(load.sent).toHaveLength(100);
    expect([load.count("sent"), load.count("ended")]).toEqual([100, 0]);
  });

  it("gives each arrival a key of its own and the same in every run, with whatever policy it calls", () => {
    const keys = (calls: Parameters<typeof calling>[1]): number[] => {
      const load = new LoneLoad({ calls: [calling(0, calls)] });
      load.pass(1000);
      return load.sent.map(([, , key]) => key);
    };
    const some = keys({});
    expect(new Set(some).size).toBe(some.length);
    expect(keys({ timeoutMs: 5000, attemptTimeoutMs: 3000 })).toEqual(some);
  });

  it("counts what users see by its cause", () => {
    const load = new LoneLoad({ ...CONSTANT, calls: [calling(0, { attemptTimeoutMs: 500 })] });
    load.pass(100);
    [OK, OK, ERROR, WRONG].forEach((cause, nth) => load.answer(nth, 10 * (nth + 1), cause, nth === 1));
    load.pass(2000);
    expect([OK, ERROR, WRONG].map((cause) => load.count("outcome", cause))).toEqual([2, 1, 1]);
    expect(load.count("outcome", TIMEOUT)).toBeGreaterThan(100);
    expect(load.count("degraded")).toBe(1);
    // Only what was answered has a latency.
    expect(load.count("latencyMs")).toBeCloseTo(10 + 20 + 30 + 40, 9);
    expect(load.count("outcome", CANCELLED)).toBe(0);
  });

  it("says where each bad outcome began, and whom it hit", () => {
    const load = new LoneLoad({ ...CONSTANT, users: 3 });
    load.pass(100);
    load.answer(0, 10, ERROR);
    load.answer(1, 10, OK);
    const { origins, badUsers } = load.tally.close(0);
    expect(origins).toEqual([[0, 1, ERROR, 1]]);
    expect(badUsers).toEqual([[0, load.sent[0]![3]]]);
  });

  it("calls a success slow when it is later than promised, and finds whose fault it was", () => {
    const load = new LoneLoad(CONSTANT, within(50));
    load.pass(100);
    load.answer(0, 50, OK);
    load.answer(1, 50.001, OK);
    load.answer(2, 60, ERROR);
    expect([OK, SLOW, ERROR].map((cause) => load.count("outcome", cause))).toEqual([1, 1, 1]);
    expect(load.count("latencyMs")).toBeCloseTo(160.001, 9);
    expect(load.tally.close(0).origins).toContainEqual([0, 1, SLOW, 1]);
  });

  it("measures from the moment at which the user meant to send, even if woken late", () => {
    const load = new LoneLoad(CONSTANT);
    const dueMs = load.actor.nextWakeup();
    load.actor.wake(dueMs + 7);
    const [slot, serial] = load.sent[0]!;
    load.actor.answered(dueMs + 10, slot, serial, OK, false, 0, OK, 0, 0);
    expect(load.count("latencyMs")).toBeCloseTo(10, 9);
  });

  it("sees each user for the first time once before the end of the warm-up and once after", () => {
    const load = new LoneLoad({ ...CONSTANT, users: 5 }, { warmUpMs: 1000 });
    load.pass(999);
    expect(load.count("newUsers")).toBe(5);
    load.pass(2000);
    expect(load.count("newUsers")).toBe(10);
  });

  it("goes on several journeys, each by its own call and in its own row", () => {
    const journeys = [0, 1].map((service) => ({
      name: `to ${service}`,
      service,
      operation: 0,
      objective: { good: null, withinMs: null },
    }));
    const mix = [
      { journey: 0, share: 0.25 },
      { journey: 1, share: 0.75 },
    ];
    const load = new LoneLoad(
      { ...CONSTANT, mix, calls: [calling(0), calling(1)], callOfJourney: [0, 1] },
      { journeys },
    );
    load.pass(10_000);
    const there = load.count("sent", 0, 1);
    expect(load.count("sent") + there).toBe(1000);
    // Binomial: 750 ± 5 standard deviations of 13.7.
    expect(Math.abs(there - 750)).toBeLessThan(69);
  });

  it("keeps nothing of a request that has ended", () => {
    const load = new LoneLoad(CONSTANT);
    for (let nth = 0; nth < 500; nth++) {
      load.pass((nth + 1) * 10);
      load.answer(nth, 1, OK);
    }
    expect(load.owners.size).toBe(1);
  });

  it("forgets a call that was answered: late and double answers change nothing", () => {
    const load = new LoneLoad({ ...CONSTANT, calls: [calling(0, { attemptTimeoutMs: 20 })] });
    load.pass(15);
    load.answer(0, 5, OK);
    load.answer(0, 6, ERROR);
    load.pass(500);
    load.answer(1, 100, OK);
    expect([load.count("outcome", OK), load.count("outcome", ERROR)]).toEqual([1, 0]);
  });
});
