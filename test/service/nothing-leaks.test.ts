// Whatever a version does and whatever happens to it: when all is over, an instance holds nothing and its counts balance.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { CANCELLED, ERROR, OK, TIMEOUT, WRONG } from "../../harness/model/outcome.ts";
import type { LimitPlan } from "../../harness/model/admission-plan.ts";
import type { StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";
import { cachePlan } from "./cache-plan.ts";
import { LoneInstance, NOTHING } from "./lone-instance.ts";
import { call, constant, together, variantPlan, wait, work } from "./variant-plan.ts";

const time = fc.constantFrom(0, 0, 1, 5, 13);
const probability = fc.constantFrom(1, 1, 1, 0.5, 0);
const site = fc.integer({ min: 0, max: 1000 });

const { steps } = fc.letrec<{ steps: StepPlan[]; step: StepPlan }>((tie) => ({
  steps: fc.array(tie("step"), { maxLength: 3 }),
  step: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.tuple(time, site, probability).map((step) => work(...step)),
    fc.tuple(time, site, probability).map((step) => wait(...step)),
    fc.tuple(fc.boolean(), probability, site, fc.option(tie("steps"), { nil: null })).map((step) => {
      const [optional, probability, site, fallback] = step;
      return call(0, { optional, probability, site, fallback });
    }),
    fc.array(tie("steps"), { maxLength: 4 }).map((branches) => together(...branches)),
  ),
}));

/** Two things are asked for, so that requests meet. */
const cache = fc
  .record({
    capacity: fc.constantFrom(1, null),
    ttlMs: fc.constantFrom(5, null),
    singleFlight: fc.boolean(),
    staleIfError: fc.boolean(),
    negativeTtlMs: fc.constantFrom(0, 10),
  })
  .map((changes) => cachePlan({ keys: { count: 2, zipf: 0 }, ...changes }));

const version: fc.Arbitrary<VariantPlan> = fc
  .record({
    steps,
    model: fc.constantFrom("threads" as const, "async" as const),
    concurrency: fc.constantFrom(1, 2, 5, null),
    queueCapacity: fc.constantFrom(0, 2, null),
    queue: fc.option(
      fc.record({
        discipline: fc.constantFrom("fifo" as const, "lifo" as const, "adaptiveLifo" as const),
        standingAfterMs: fc.constantFrom(0, 10),
        codelTargetMs: fc.constantFrom(null, 3),
        timeoutMs: fc.constantFrom(null, 8),
      }),
      { nil: undefined },
    ),
    rejectionMs: fc.constantFrom(undefined, constant(2)),
    limit: fc.constantFrom<(LimitPlan | undefined)[]>(
      undefined,
      { algorithm: "fixed", limit: 3 },
      { algorithm: "aimd", initialLimit: 2, minLimit: 1, maxLimit: 5, backoffRatio: 0.5, timeoutMs: 20 },
      { algorithm: "vegas", initialLimit: 2, maxLimit: 5, smoothing: 1, probeMultiplier: 2 },
    ),
    cores: fc.constantFrom(1, 2, null),
    scheduling: fc.constantFrom("shared" as const, "fifo" as const),
    onDeadline: fc.constantFrom("ignore" as const, "drop" as const, "cancel" as const),
    cache: fc.option(cache, { nil: null }),
    logging: fc.option(
      fc.record({
        perFailure: fc.constant(2),
        costMs: fc.constantFrom(0, 3),
        maxPending: fc.constantFrom(3, null),
      }),
    ),
  })
  .map(
    ({
      steps,
      model,
      concurrency,
      queueCapacity,
      queue,
      rejectionMs,
      limit,
      cores,
      scheduling,
      onDeadline,
      cache,
      logging,
    }) =>
      variantPlan(steps, {
        pool: {
          model,
          concurrency,
          queueCapacity,
          ...(queue === undefined ? {} : { queue }),
          ...(rejectionMs === undefined ? {} : { rejectionMs }),
        },
        cpu: { cores, scheduling },
        ...(limit === undefined ? {} : { admission: { type: "concurrencyLimit" as const, limit } }),
        onDeadline,
        calls: [{}] as unknown as VariantPlan["calls"],
        errors: [{ share: 0.2, cause: "wrong", status: 200, operation: null, site: 1 }],
        ...(cache === null ? {} : { cache }),
        ...(logging === null ? {} : { logging }),
      }),
  );

const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("arrive" as const), amount: fc.constantFrom(3, 20, 1e6) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), amount: fc.nat(12) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("answer" as const), amount: fc.nat(1000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("abandon" as const), amount: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("stand still" as const), amount: fc.nat(30) }) },
);

function happen(instance: LoneInstance, { do: what, amount }: { do: string; amount: number }, alive: number[]): void {
  if (what === "arrive") {
    const { length } = instance.ended;
    const key = amount ^ instance.calls.length;
    const visit = instance.arrive({ key, item: key, deadlineMs: instance.nowMs + amount });
    if (!instance.ended.slice(length).some((ended) => ended.visit === visit)) alive.push(visit);
  } else if (what === "pass") instance.pass(instance.nowMs + amount);
  else if (what === "answer" && instance.open.length > 0)
    instance.answer(instance.open[amount % instance.open.length]!, [OK, OK, ERROR, TIMEOUT, WRONG][amount % 5]);
  else if (what === "abandon" && alive.length > 0) instance.abandon(alive[amount % alive.length]!);
  else if (what === "stand still") instance.standStill(amount);
}

/** Since the last time, the integral of the number in the system is the sum of the times in it. */
function expectLittlesLaw({ machine, nowMs }: LoneInstance): void {
  machine.advance(nowMs);
  expect(machine.meters.takeSojournMs(nowMs)).toBeCloseTo(machine.meters.integralsMs[0]!, 6);
  machine.meters.integralsMs.fill(0);
}

it("an instance ends every request once, gives everything back, and keeps Little's law", () => {
  fc.assert(
    fc.property(version, fc.array(event, { maxLength: 60 }), (plan, events) => {
      const instance = new LoneInstance(plan);
      const { machine } = instance;
      const alive: number[] = [];
      let seen = 0;
      for (const each of events) {
        happen(instance, each, alive);
        for (; seen < instance.ended.length; seen++) {
          const place = alive.indexOf(instance.ended[seen]!.visit);
          if (place >= 0) alive.splice(place, 1);
        }
        if (machine.workers < Infinity) expect(machine.meters.busy).toBeLessThanOrEqual(machine.workers);
        expect(machine.meters.queued).toBeLessThanOrEqual(plan.pool.queueCapacity ?? Infinity);
        expect(machine.meters.inSystem).toBe(machine.meters.arrived - instance.ended.length);
        expectLittlesLaw(instance);
      }
      // A step or a fallback may call again, but no operation goes on for ever.
      for (let round = 0; round < 10_000 && machine.meters.inSystem > 0; round++) {
        instance.pass(instance.nowMs + 50);
        for (const slot of instance.open)
          if (instance.open.includes(slot)) instance.answer(slot, round % 2 === 0 ? OK : ERROR);
      }
      // Lines may still wait to be written.
      instance.pass(instance.nowMs + 1e6);
      expect(instance.leaks()).toEqual(NOTHING);
      expect(machine.nextWakeup()).toBe(Infinity);
      expect(instance.ended).toHaveLength(machine.meters.arrived);
      expect(instance.ended.every(({ cause }) => cause !== CANCELLED || plan.onDeadline === "cancel")).toBe(true);
      expectLittlesLaw(instance);
    }),
    { numRuns: 1000 },
  );
});
