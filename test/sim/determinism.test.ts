// The same plan gives the same bytes, and what a variant changes is all that changes.
import { describe, expect, it } from "vitest";
import type { CallPlan } from "../../harness/model/call-plan.ts";
import { SLOW } from "../../harness/model/outcome.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { VariantPlan } from "../../harness/model/service-plan.ts";
import { calling, fleetPlan } from "../actor/fleet-plan.ts";
import { fault } from "../actor/lone-service.ts";
import { call, exponential, together, variantPlan, wait, work } from "../service/variant-plan.ts";
import { record, Sums } from "./run.ts";

const FREE: Partial<VariantPlan> = { pool: { model: "threads", concurrency: null, queueCapacity: null } };

/** A busy fleet of three services, two zones, queues, retries and a closed set of users. */
function busy(changes: Partial<Plan> = {}): Plan {
  const calls: CallPlan["retry"] = {
    maxAttempts: 3,
    retryOn: ["error", "timeout", "overload"],
    backoff: { initialMs: 20, maxMs: 100, multiplier: 2, jitter: "full", proportion: 0 },
    budget: null,
  };
  const a = variantPlan([work(exponential(2)), together([call(0)], [wait(1), call(1, { optional: true })])], {
    pool: { model: "async", concurrency: 4, queueCapacity: 50 },
    calls: [calling(1, { attemptTimeoutMs: 60, retry: calls }), calling(2, { attemptTimeoutMs: 40 })],
    onDeadline: "cancel",
  });
  const b = variantPlan([work(exponential(14))], { pool: { model: "threads", concurrency: 1, queueCapacity: 8 } });
  const members = [
    { variants: [a], replicasPerZone: [1, 1] },
    { variants: [b], replicasPerZone: [1, 1] },
    { variants: [variantPlan([work(exponential(9))])], replicasPerZone: [1, 0] },
  ];
  const networkMs = [
    [0.5, 3],
    [3, 0.5],
  ];
  return fleetPlan(members, { zones: ["north", "south"], networkMs, load: { users: 500 }, ...changes });
}

describe("the simulator", () => {
  it("gives the same bytes for the same plan, and others for another seed", async () => {
    const [first, second, other] = await Promise.all([record(busy()), record(busy()), record(busy({ seed: 8 }))]);
    expect(second.digest()).toBe(first.digest());
    const sums = new Sums(first);
    // It was worth comparing: there were failures, retries and full queues.
    expect(sums.badUsers().size).toBeGreaterThan(10);
    expect(sums.edge(1, "attempts")).toBeGreaterThan(sums.edge(1, "calls"));
    expect(JSON.stringify([...other.buckets()])).not.toBe(JSON.stringify([...first.buckets()]));
  });

  it("does not care how it is interrupted and what else ran before it", async () => {
    const first = await record(busy());
    for (const seed of [1, 2]) await record(busy({ seed, endMs: 2000 }));
    expect((await record(busy())).digest()).toBe(first.digest());
  });
});

/** Users set out on one call to b, of which nobody has to wait for anybody. */
function roomy(
  options: {
    policy?: Partial<CallPlan>;
    versions?: readonly VariantPlan[];
    withinMs?: number;
    timeline?: Plan["timeline"];
    rollout?: Plan["rollout"];
    versionPlans?: Plan["versions"];
  } = {},
): Plan {
  const { policy = {}, versions = [], withinMs = null, timeline = [], rollout = null, versionPlans = [] } = options;
  const a = variantPlan([wait(exponential(10), 1), call(0)], { ...FREE, calls: [calling(1, policy)] });
  const b = variantPlan([wait(exponential(30), 2)], FREE);
  return fleetPlan([{ variants: [a] }, { variants: [b, ...versions] }], {
    load: { users: null },
    journeys: [{ name: "visit", service: 0, operation: 0, objective: { good: null, withinMs } }],
    timeline,
    rollout,
    versions: versionPlans,
  });
}

const inject = (kind: string, attributes: Record<string, unknown>, share: number): Plan["timeline"][number] => ({
  do: "fault",
  atMs: 0,
  forMs: null,
  background: false,
  fault: {
    kind,
    attributes,
    scope: { ...fault(0, "delay", 0).scope, on: { type: "service", service: 1, operation: null }, share },
  },
});

/** Requests, users and times as the users see them, per bucket. */
async function journeysOf(plan: Plan): Promise<string> {
  const { buckets } = new Sums(await record(plan));
  return JSON.stringify(
    buckets.map(({ index, journeys, journeyLatency, badUsers }) => ({ index, journeys, journeyLatency, badUsers })),
  );
}

describe("whatever a variant adds", () => {
  it("in policies that do not act leaves every request as it was", async () => {
    const plain = await journeysOf(roomy({ withinMs: 50 }));
    const retry: CallPlan["retry"] = { maxAttempts: 5, retryOn: ["timeout"], backoff: null, budget: null };
    const policy: Partial<CallPlan> = {
      timeoutMs: 60_000,
      attemptTimeoutMs: 60_000,
      retry,
      loadBalancer: { policy: "leastRequest", choiceCount: 3 },
    };
    expect(await journeysOf(roomy({ withinMs: 50, policy }))).toBe(plain);
  });

  it("in versions that are not shipped leaves every request as it was", async () => {
    const versions = [variantPlan([wait(500, 7)], { ...FREE, version: "next" })];
    expect(await journeysOf(roomy({ withinMs: 50, versions }))).toBe(await journeysOf(roomy({ withinMs: 50 })));
  });

  it("in faults leaves the arrivals, the users and the requests that it does not hit as they were", async () => {
    const withinMs = 50;
    const [plain, both, only] = await Promise.all([
      record(roomy({ withinMs })),
      record(roomy({ withinMs, timeline: [inject("error", { status: 503 }, 0.3)] })),
      record(roomy({ timeline: [inject("error", { status: 503 }, 0.3)] })),
    ]);
    const [slow, bad, hit] = [plain, both, only].map((recording) => new Sums(recording).badUsers()) as [
      Set<number>,
      Set<number>,
      Set<number>,
    ];
    expect(Math.min(slow.size, hit.size)).toBeGreaterThan(200);
    // Each arrival is a user of its own, so these are requests.
    expect(bad.difference(hit)).toEqual(slow.difference(hit));
    expect(hit.isSubsetOf(bad)).toBe(true);
    const sent = (recording: typeof plain): number[] =>
      [...recording.buckets()].map(({ index }) =>
        new Sums(recording, index * 1000, (index + 1) * 1000).journey("sent"),
      );
    expect(sent(both)).toEqual(sent(plain));
    expect(new Sums(both).fault(0)).toBe(hit.size);
  });

  it("in the share of a version's errors adds to the requests that fail, and changes no other", async () => {
    const failing = async (share: number): Promise<Set<number>> => {
      const plan = roomy();
      const b = plan.services[1]!;
      const variants = [
        { ...b.variants[0]!, errors: [{ share, cause: "error" as const, status: 500, operation: null, site: 9 }] },
      ];
      return new Sums(await record({ ...plan, services: [plan.services[0]!, { ...b, variants }] })).badUsers();
    };
    const [few, more] = await Promise.all([failing(0.05), failing(0.25)]);
    expect(few.isSubsetOf(more)).toBe(true);
    expect([few.size > 20, more.size > 3 * few.size]).toEqual([true, true]);
  });

  it("in how many attempts a call may make keeps the work of the first", async () => {
    const slow = async (maxAttempts: number): Promise<Set<number>> => {
      const retry: CallPlan["retry"] = { maxAttempts, retryOn: ["timeout"], backoff: null, budget: null };
      const sums = new Sums(await record(roomy({ policy: { attemptTimeoutMs: 100, retry } })));
      expect(sums.journey("outcome", SLOW)).toBe(0);
      return sums.badUsers();
    };
    const [once, twice] = await Promise.all([slow(1), slow(2)]);
    // P(Exp(30) > 100) = 3.6 % of some 1,000 time out once, and some of those twice.
    expect(once.size).toBeGreaterThan(10);
    expect(twice.isSubsetOf(once)).toBe(true);
    expect(twice.size).toBeLessThan(once.size);
  });
});
