// Fleets in virtual time: what the network, crashes, standstills and stops make of requests.
import { describe, expect, it } from "vitest";
import { CAUSES, CONNECTION_RESET, ERROR, NO_HEALTHY_HOST, OK, REFUSED, TIMEOUT } from "../../harness/model/outcome.ts";
import type { LoadPlan } from "../../harness/model/load-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { VariantPlan } from "../../harness/model/service-plan.ts";
import { MemoryRecording } from "../../harness/recording/memory-recording.ts";
import { simEngine } from "../../harness/sim/sim-engine.ts";
import { calling, fleetPlan } from "../actor/fleet-plan.ts";
import { fault } from "../actor/lone-service.ts";
import { call, constant, exponential, together, variantPlan, wait, work } from "../service/variant-plan.ts";
import { record, Sums } from "./run.ts";

/** A hundred a second, evenly, for the first eight seconds of ten: so that all is over at the end. */
const evenly = (changes: Partial<LoadPlan> = {}): Partial<LoadPlan> => ({
  arrivals: "constant",
  rate: [
    { atMs: 0, ratePerSecond: 100 },
    { atMs: 8000, ratePerSecond: 100 },
    { atMs: 8000, ratePerSecond: 0 },
  ],
  ...changes,
});

const MANY: Partial<VariantPlan> = { pool: { model: "threads", concurrency: null, queueCapacity: null } };

const inject = (
  kind: string,
  atMs: number,
  forMs: number | null,
  attributes: Record<string, unknown> = {},
): Plan["timeline"][number] => ({
  do: "fault",
  atMs,
  forMs,
  background: true,
  fault: { kind, attributes, scope: fault(0, "delay", 0).scope },
});

function outcomes(sums: Sums): Record<string, number> {
  return Object.fromEntries(
    CAUSES.map((name, cause) => [name, sums.journey("outcome", cause)] as const).filter(([, count]) => count > 0),
  );
}

/** Whatever happened, every request was answered once and every call ended. */
function expectBalance(plan: Plan, sums: Sums): void {
  expect(sums.journey("ended")).toBe(sums.journey("sent"));
  plan.services.forEach((_, service) => {
    expect(sums.service(service, "ended")).toBe(sums.service(service, "arrived"));
    expect(sums.service(service, "sojournMs")).toBeCloseTo(sums.service(service, "inSystemMs"), 3);
  });
  plan.edges.forEach((_, edge) => {
    const ended = CAUSES.reduce((sum, __, cause) => sum + sums.edge(edge, "call", cause), 0);
    expect(ended).toBe(sums.edge(edge, "calls"));
  });
}

describe("the network", () => {
  it("takes its time on the way there and back, by zones; users are near by", async () => {
    const a = variantPlan([wait(10), call(0)], { ...MANY, calls: [calling(1)] });
    const members = [
      { variants: [a], replicasPerZone: [1, 0] },
      { variants: [variantPlan([wait(5)], MANY)], replicasPerZone: [0, 1] },
    ];
    const networkMs = [
      [1, 20],
      [30, 2],
    ];
    const meanOf = async (zone: number | null): Promise<number> => {
      const plan = fleetPlan(members, { zones: ["north", "south"], networkMs, load: evenly({ zone }) });
      const sums = new Sums(await record(plan));
      expectBalance(plan, sums);
      expect(sums.service(0, "latencyMs") / 800).toBeCloseTo(65, 9);
      return sums.journey("latencyMs") / sums.journey("outcome", OK);
    };
    expect(await meanOf(null)).toBeCloseTo(65, 9);
    expect(await meanOf(0)).toBeCloseTo(67, 9);
    expect(await meanOf(1)).toBeCloseTo(65 + 50, 9);
  });

  it("carries the news that nobody waits as slowly as anything else", async () => {
    const load = evenly({ calls: [calling(0, { attemptTimeoutMs: 100 })], zone: 0 });
    const plan = fleetPlan([variantPlan([wait(1000)], { ...MANY, onDeadline: "cancel" })], { networkMs: [[40]], load });
    const sums = new Sums(await record(plan));
    expect(outcomes(sums)).toEqual({ timeout: 800 });
    // A request arrives at 40 and its end at 140.
    expect(sums.service(0, "inSystemMs")).toBeCloseTo(800 * 100, 6);
    expectBalance(plan, sums);
  });

  it("also when the request is itself still on its way", async () => {
    const load = evenly({ calls: [calling(0, { attemptTimeoutMs: 15 })], zone: 0 });
    const plan = fleetPlan([variantPlan([wait(1000)], { ...MANY, onDeadline: "cancel" })], { networkMs: [[40]], load });
    const sums = new Sums(await record(plan));
    // The deadline travels with the request, which comes too late.
    expect(sums.service(0, "outcome", TIMEOUT)).toBe(800);
    expect(sums.service(0, "inSystemMs")).toBe(0);
    expectBalance(plan, sums);
  });
});

describe("a call that is dropped before its request has arrived", () => {
  it("is dropped when it arrives", async () => {
    const many: Partial<VariantPlan> = { ...MANY, onDeadline: "cancel" };
    const steps = [together([call(0)], [call(1)])];
    const members = [
      variantPlan(steps, { ...many, calls: [calling(1), calling(2)] }),
      variantPlan([wait(1000)], many),
      { variants: [variantPlan([], many)], replicasPerZone: [0] },
    ];
    const plan = fleetPlan(members, { networkMs: [[40]], load: evenly() });
    const sums = new Sums(await record(plan));
    expectBalance(plan, sums);
    expect([sums.service(1, "arrived"), sums.service(1, "inSystemMs"), sums.service(1, "abandoned")]).toEqual([
      800, 0, 800,
    ]);
  });
});

describe("messages and timers of one instant", () => {
  it("come in this order: an answer at the very moment of its timeout counts", async () => {
    const load = evenly({ calls: [calling(0, { attemptTimeoutMs: 32 })], zone: 0 });
    const plan = fleetPlan([variantPlan([wait(16)], MANY)], { networkMs: [[8]], load });
    // Times from 2,048 to 4,096 have the same exponent, so that sums of powers of two are exact.
    const sums = new Sums(await record(plan), 3000, 4000);
    expect(outcomes(sums)).toEqual({ ok: 100 });
  });
});

describe("a crash", () => {
  const crashing = (changes: Partial<Plan> = {}): Plan =>
    fleetPlan([variantPlan([wait(95)], { ...MANY, startupMs: constant(500) })], {
      load: evenly(),
      timeline: [inject("crash", 3000, null)],
      ...changes,
    });

  it("resets what was there, refuses what comes until callers know, and is over after the start-up", async () => {
    const plan = crashing({ discoveryDelayMs: 200 });
    const recording = await record(plan);
    const sums = new Sums(recording);
    expectBalance(plan, sums);
    const seen = outcomes(sums);
    // Ten were there. For 200 ms the old address refuses, until 700 nobody is known.
    expect(seen["connectionReset"]).toBeGreaterThanOrEqual(9);
    expect(seen["connectionReset"]).toBeLessThanOrEqual(10);
    expect(Math.abs(seen["refused"]! - 20)).toBeLessThanOrEqual(1);
    expect(Math.abs(seen["noHealthyHost"]! - 50)).toBeLessThanOrEqual(1);
    expect(Object.keys(seen).toSorted()).toEqual(["connectionReset", "noHealthyHost", "ok", "refused"]);
    expect([sums.service(0, "crashes"), sums.service(0, "outcome", CONNECTION_RESET)]).toEqual([
      1,
      seen["connectionReset"],
    ]);
    expect(sums.service(0, "readyMs")).toBeCloseTo(9500, 6);
    const states = recording.events.flatMap((event) => (event.kind === "instance" ? [event.state] : []));
    expect(states).toContain("crashed");
  });

  it("of a caller tells its callees, whose own calls end in turn", async () => {
    const async: Partial<VariantPlan> = {
      pool: { model: "async", concurrency: 1, queueCapacity: null },
      onDeadline: "cancel",
    };
    const chain = [
      variantPlan([call(0)], { ...async, calls: [calling(1)] }),
      variantPlan([call(0)], { ...async, calls: [calling(2)] }),
      variantPlan([wait(400)], { ...MANY, onDeadline: "cancel" }),
    ];
    const plan = fleetPlan(chain, { load: evenly(), timeline: [inject("crash", 3000, null)] });
    const sums = new Sums(await record(plan));
    expectBalance(plan, sums);
    const lost = sums.journey("outcome", CONNECTION_RESET);
    expect(lost).toBeGreaterThan(30);
    for (const service of [1, 2]) expect(sums.service(service, "abandoned")).toBe(lost);
  });
});

describe("an instance that starts again", () => {
  it("knows whom to call and which faults are in force", async () => {
    const a = variantPlan([call(0)], { ...MANY, calls: [calling(1)] });
    const b = variantPlan([wait(1)], MANY);
    const crash = inject("crash", 3000, null);
    const [plain, broken] = [[], [inject("error", 1000, null, { status: 503 })]].map((faults) =>
      fleetPlan([a, b], { load: evenly(), timeline: [crash, ...faults] }),
    );
    expect(Object.keys(outcomes(new Sums(await record(plain!), 4000)))).toEqual(["ok"]);
    expect(Object.keys(outcomes(new Sums(await record(broken!), 4000)))).toEqual(["error"]);
  });
});

describe("a standstill", () => {
  it("that ends in a crash refuses what has been waiting", async () => {
    const timeline = [inject("pause", 3000, 2000), inject("crash", 3500, null)];
    const plan = fleetPlan([variantPlan([work(1)], MANY)], { load: evenly(), timeline });
    const sums = new Sums(await record(plan));
    expectBalance(plan, sums);
    expect(Math.abs(sums.journey("outcome", REFUSED) - 50)).toBeLessThanOrEqual(1);
  });

  it("makes everybody wait, and nobody twice", async () => {
    const plan = fleetPlan([variantPlan([work(1)], MANY)], { load: evenly(), timeline: [inject("pause", 3000, 1000)] });
    const sums = new Sums(await record(plan));
    expectBalance(plan, sums);
    expect(outcomes(sums)).toEqual({ ok: 800 });
    // A hundred wait half a second on average, but for the phase of the arrivals; then each has a core of its own.
    expect(Math.abs(sums.journey("latencyMs") - (100 * 501 + 700))).toBeLessThan(100 * 10);
    expect(sums.fault(0)).toBe(1);
  });

  it("of a caller lets its own timeouts pass before it reads its answers", async () => {
    const a = variantPlan([call(0)], { ...MANY, calls: [calling(1, { attemptTimeoutMs: 50 })] });
    const plan = fleetPlan([a, variantPlan([wait(20)], MANY)], {
      load: evenly(),
      timeline: [inject("pause", 3000, 1000)],
    });
    const sums = new Sums(await record(plan));
    expectBalance(plan, sums);
    // Two calls were out.
    expect(outcomes(sums)).toEqual({ ok: 798, error: 2 });
    expect(sums.edge(1, "attemptOwn", TIMEOUT)).toBe(2);
  });
});

describe("a release", () => {
  it("by a rolling update drains what it replaces, and loses no request", async () => {
    const versions = [{ name: "next", service: 0, variant: 1, isHarmless: false }];
    const [old, next] = [40, 60].map((ms) =>
      variantPlan([wait(exponential(ms))], { ...MANY, startupMs: constant(200) }),
    );
    const plan = fleetPlan([{ variants: [old!, { ...next!, version: "next" }], replicasPerZone: [4] }], {
      load: evenly(),
      discoveryDelayMs: 100,
      versions,
      timeline: [{ do: "release", atMs: 2000, version: 0, background: false }],
      rollout: { kind: "rollingUpdate", maxSurge: { count: 1 }, maxUnavailable: { count: 0 }, minReadyMs: 0 },
    });
    const recording = await record(plan);
    const sums = new Sums(recording);
    expectBalance(plan, sums);
    expect(outcomes(sums)).toEqual({ ok: 800 });
    expect(sums.service(0, "inSystemMs")).toBeCloseTo(sums.service(0, "latencyMs"), 3);
    expect([0, 1].map((variant) => sums.service(0, "ended", 0, variant) > 100)).toEqual([true, true]);
    const stopped = recording.events.filter((event) => event.kind === "instance" && event.state === "stopped");
    expect(stopped).toHaveLength(4);
    expect(new Sums(recording, 7000).service(0, "readyMs", 0, 1)).toBeCloseTo(4 * 3000, 6);
  });
});

describe("a run", () => {
  it("may be interrupted at the end of any bucket, and what was recorded is whole", async () => {
    const recording = new MemoryRecording();
    const abort = new AbortController();
    const seen: number[] = [];
    const onProgress = ({ runMs }: { runMs: number }): void => {
      seen.push(runMs);
      if (runMs === 3000) abort.abort();
    };
    const plan = fleetPlan([variantPlan([work(1)])], { load: evenly() });
    const end = await simEngine().run(plan, recording, { signal: abort.signal, onProgress });
    expect(end).toEqual({ reason: "interrupted", atMs: 3000 });
    expect(seen).toEqual([1000, 2000, 3000]);
    expect([...recording.finished().buckets()].map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it("counts what is refused, failed or has no host at the users as at the services", async () => {
    const a = variantPlan([call(0)], { ...MANY, calls: [calling(1)] });
    const plan = fleetPlan([a, { variants: [variantPlan([], MANY)], replicasPerZone: [0] }], { load: evenly() });
    const sums = new Sums(await record(plan));
    expectBalance(plan, sums);
    expect(sums.journey("outcome", ERROR)).toBe(800);
    expect(sums.edge(1, "attemptOwn", NO_HEALTHY_HOST)).toBe(800);
    expect([sums.edge(1, "attempts"), sums.journey("outcome", REFUSED)]).toEqual([0, 0]);
    expect(
      sums.buckets
        .flatMap(({ origins }) => origins)
        .every(([, service, cause]) => service === 1 && cause === NO_HEALTHY_HOST),
    ).toBe(true);
  });
});
