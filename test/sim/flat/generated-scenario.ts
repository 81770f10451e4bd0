// Small fleets with everything that the flat simulator knows, at a load that overloads many of them. Most times are
// constants, and few of them, so that much happens at the same moment and the order of equal times is under test too.
import fc from "fast-check";

/** A topology and a scenario that ships a version through it: the files of one study, as text. */
export interface GeneratedScenario {
  readonly "scenario.yaml": string;
  readonly "topology.yaml": string;
}

const NAMES = ["a", "b", "c", "d", "e"];

const time = fc.constantFrom("0ms", "1ms", "2ms", "5ms", "20ms");
const work = fc.oneof(
  { weight: 3, arbitrary: time },
  fc.constant({ mean: "4ms", shape: "exponential" }),
  fc.constant({ p50: "3ms", p99: "12ms" }),
);
const probability = fc.constantFrom("100%", "100%", "40%");

const retry = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 4 }),
  backoff: fc.oneof(
    fc.constant("none"),
    fc.record({ initial: fc.constantFrom("5ms", "20ms"), jitter: fc.constantFrom("none", "full", "decorrelated") }),
  ),
  budget: fc.oneof(
    fc.constant("none"),
    fc.record({ ratio: fc.constantFrom("0%", "20%"), minPerSecond: fc.constant(2) }),
  ),
});

const policy = fc.record(
  {
    attemptTimeout: fc.constantFrom("5ms", "20ms", "50ms", "none"),
    timeout: fc.constantFrom("20ms", "60ms"),
    retry,
    circuitBreaker: fc.record({
      slidingWindow: fc.constantFrom({ type: "count", size: 20 }, { type: "time", size: "2s" }),
      minimumNumberOfCalls: fc.constant(5),
      waitDurationInOpenState: fc.constantFrom("300ms", "1s"),
    }),
    loadBalancer: fc.constantFrom({ policy: "roundRobin" }, { policy: "leastRequest" }),
  },
  { requiredKeys: ["attemptTimeout"] },
);

/** Steps of the service `index`, which calls later ones only. */
function steps(index: number, services: number): fc.Arbitrary<unknown[]> {
  const callees = NAMES.slice(index + 1, services);
  const own = fc.oneof(fc.record({ work, probability }), fc.record({ wait: time, probability }));
  if (callees.length === 0) return fc.array(own, { minLength: 1, maxLength: 2 });
  const call = fc.record(
    {
      call: fc.constantFrom(...callees),
      optional: fc.boolean(),
      probability,
      times: fc.integer({ min: 1, max: 2 }),
      fallback: fc.array(fc.record({ wait: time }), { maxLength: 1 }),
    },
    { requiredKeys: ["call"] },
  );
  // No work in branches: two of them could need one core.
  const branch = fc.oneof(call, call, fc.record({ wait: time }), fc.array(call, { minLength: 1, maxLength: 2 }));
  const together = fc.array(branch, { minLength: 2, maxLength: 3 });
  return fc.array(fc.oneof(own, call, together), { minLength: 1, maxLength: 3 });
}

function service(index: number, services: number): fc.Arbitrary<Record<string, unknown>> {
  const callees = NAMES.slice(index + 1, services);
  return fc.record({
    replicas: fc.integer({ min: 1, max: 3 }),
    pool: fc.record(
      {
        concurrency: fc.constantFrom("unlimited", 1, 2, 4),
        model: fc.constantFrom("threads", "async"),
        queue: fc.record({ capacity: fc.constantFrom("unlimited", 0, 3) }),
      },
      { requiredKeys: ["concurrency"] },
    ),
    onDeadline: fc.constantFrom("ignore", "drop", "cancel"),
    startup: fc.record({ time: fc.constantFrom("0s", "200ms") }),
    terminationGrace: fc.constantFrom("10ms", "1s", "5s"),
    errors: fc.constantFrom([], [{ share: "10%" }], [{ share: "5%", as: "wrong" }]),
    operations: steps(index, services).map((list) => ({ get: list })),
    calls: fc.constant(callees).chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, policy])))),
  });
}

const rollout = fc.constantFrom<unknown>(
  { kind: "recreate" },
  { kind: "rollingUpdate" },
  { kind: "canary", steps: [25, { pause: "500ms" }, 50] },
  { kind: "everywhere", over: "500ms" },
);

export const generatedScenario: fc.Arbitrary<GeneratedScenario> = fc
  .integer({ min: 1, max: NAMES.length })
  .chain((services) =>
    fc.record({
      zones: fc.constantFrom(["one"], ["one", "two"]),
      sameZone: fc.constantFrom("0ms", "1ms"),
      crossZone: fc.constantFrom("1ms", "3ms"),
      list: fc.tuple(...NAMES.slice(0, services).map((_, index) => service(index, services))),
      released: fc.integer({ min: 0, max: services - 1 }),
      bad: fc.constantFrom<unknown>({ errors: { share: "50%" } }, { onDeadline: "cancel" }),
      rollout,
      rates: fc.tuple(fc.constantFrom(20, 100, 250), fc.constantFrom(10, 50)),
      arrivals: fc.constantFrom("poisson", "constant"),
      users: fc.constantFrom("unlimited", 7),
      loadPolicy: policy,
      within: fc.constantFrom("10ms", "1s"),
      seed: fc.integer({ min: 1, max: 1000 }),
    }),
  )
  .map((all) => {
    const topology = {
      topology: "generated",
      zones: all.zones,
      network: { sameZone: all.sameZone, crossZone: all.crossZone },
      services: Object.fromEntries(all.list.map((one, index) => [NAMES[index]!, one])),
    };
    const load = { journey: "visit", arrivals: all.arrivals, calls: { a: all.loadPolicy } };
    const scenario = {
      scenario: "generated",
      topology: "topology.yaml",
      seed: all.seed,
      warmUp: "1s",
      duration: "4s",
      journeys: { visit: { start: "a.get", objective: { good: "99%", within: all.within } } },
      load: {
        many: { ...load, rate: `${all.rates[0]}/s`, ...(all.users === 7 ? { users: 7 } : {}) },
        few: { ...load, rate: `${all.rates[1]}/s` },
      },
      versions: { next: { service: NAMES[all.released]!, changes: all.bad } },
      timeline: [{ at: "1s", release: "next" }],
      strategies: { one: { rollout: all.rollout } },
    };
    return { "scenario.yaml": JSON.stringify(scenario), "topology.yaml": JSON.stringify(topology) };
  });
