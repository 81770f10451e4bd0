// What the conductor does to the fleet, done to real processes: crashes, standstills, releases.
import { expect, test } from "vitest";
import { CONNECTION_RESET, ERROR, OK, REFUSED } from "../../harness/model/outcome.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { RunEvent } from "../../harness/recording/event.ts";
import { fleetProcesses } from "./fleet-processes.ts";
import { COLUMNS, runLive, total } from "./run-live.ts";
import { constant, fault, twoTiers, variant, work } from "./small-plan.ts";

const { EDGE, SERVICE } = COLUMNS;
const BACK = 1;

function states(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.kind === "instance" ? [`${event.instance} ${event.state}`] : []));
}

for (const isolation of ["process", "service", "inline"] as const) {
  test(`a crash loses what the instance held; it starts again as another process (${isolation})`, async () => {
    const slow = variant([work(constant(60))]);
    const plan = twoTiers({ endMs: 3_000, timeline: [fault(1_000, null, "crash", {}, BACK)] }, 200);
    const services = plan.services.map((service, index) =>
      index === BACK ? { ...service, variants: [slow] } : service,
    );
    const pids = new Set<number>();
    const { end, recording } = await runLive({ ...plan, services }, { isolation }, {
      onRunning: () => fleetProcesses(process.pid).forEach(({ pid }) => pids.add(pid)),
    }); // prettier-ignore
    expect(end).toEqual({ reason: "completed" });
    expect(states(recording.events)).toEqual(["back#0 crashed", "back#0 starting", "back#0 ready"]);
    // About six requests were held: half of 200/s for 60 ms. Those that came before the callers knew were refused.
    const reset = total(recording, "edges", 1, EDGE.attemptOwn + CONNECTION_RESET);
    const refused = total(recording, "edges", 1, EDGE.attemptOwn + REFUSED);
    expect(reset).toBeGreaterThanOrEqual(2);
    expect(reset).toBeLessThanOrEqual(20);
    expect(refused).toBeLessThanOrEqual(20);
    expect(total(recording, "services", BACK, SERVICE.crashes)).toBe(1);
    expect(total(recording, "faults", 0, 0)).toBe(1);
    if (isolation === "process") expect(pids.size).toBe(6);
  });
}

test("a paused instance answers nothing, and its callers time out; afterwards it goes on", async () => {
  const plan = twoTiers({ endMs: 4_000, timeline: [fault(1_000, 1_000, "pause", {}, BACK)] });
  const stopped = new Set<string>();
  const { end, recording } = await runLive(withTimeout(plan, 100), { isolation: "process" }, {
    onRunning: () => fleetProcesses(process.pid).forEach(({ state, entry }) => state === "T" && stopped.add(entry)),
  }); // prettier-ignore
  expect(end).toEqual({ reason: "completed" });
  expect([...stopped]).toEqual(["service-process.js"]);
  expect(states(recording.events)).toEqual(["back#0 paused", "back#0 resumed"]);
  const good = [...recording.buckets()].map(({ edges }) => {
    const row = edges.find(([edge]) => edge === 1)!;
    return row[row.indexOf(EDGE.call + OK, 1) + 1]!;
  });
  expect(good[0]).toBeGreaterThan(95);
  expect(good[1]).toBeGreaterThan(40);
  expect(good[1]).toBeLessThan(65);
  expect(good[3]).toBeGreaterThan(95);
});

test("a release replaces processes: the new version really answers, the old one ends after what it held", async () => {
  const plan = twoTiers({
    // Each of the two replacements may take two seconds, where it takes a fifth of one on an idle machine.
    endMs: 5_000,
    versions: [{ name: "v2", service: BACK, variant: 1, isHarmless: false }],
    rollout: { kind: "rollingUpdate", maxSurge: { count: 1 }, maxUnavailable: { count: 0 }, minReadyMs: 0 },
    timeline: [{ do: "release", atMs: 500, version: 0, background: false }],
  });
  const stable = variant([work(constant(100))]);
  const failing = variant([work(constant(100))], {
    version: "v2",
    errors: [{ share: 1, cause: "error", status: 500, operation: null, site: 3 }],
  });
  const services = plan.services.map((service, index) =>
    index === BACK ? { ...service, variants: [stable, failing] } : service,
  );
  const { end, recording } = await runLive({ ...plan, services }, { isolation: "process" });
  expect(end).toEqual({ reason: "completed" });
  const [ofStable, ofReleased] = [1, 2];
  expect(total(recording, "services", ofStable, SERVICE.outcome + OK)).toBeGreaterThan(40);
  expect(total(recording, "services", ofReleased, SERVICE.outcome + ERROR)).toBeGreaterThan(50);
  expect(total(recording, "services", ofReleased, SERVICE.outcome + OK)).toBe(0);
  expect(states(recording.events).filter((state) => state.endsWith(" stopped"))).toHaveLength(2);
  // Each of the old held five requests when it was told to end (half of 100/s for 100 ms), and finished them. One a
  // replacement may leave its caller just before the news comes that nobody is there, and more if the caller stood still.
  const cutOff =
    total(recording, "edges", 1, EDGE.attemptOwn + CONNECTION_RESET) +
    total(recording, "edges", 1, EDGE.attemptOwn + REFUSED);
  expect(cutOff).toBeLessThanOrEqual(2 + (100 / 1_000) * longestStandstillMs(recording.events));
});

/** What the run itself says of how punctual its processes were; 0 where none stood still for 50 ms or more. */
function longestStandstillMs(events: readonly RunEvent[]): number {
  const warning = events.find((event) => event.kind === "warning" && event.code === "fleet-stalled");
  return warning?.kind === "warning" ? Number(/, (\d+) ms at the longest/.exec(warning.message)![1]) : 0;
}

function withTimeout(plan: Plan, attemptTimeoutMs: number): Plan {
  return {
    ...plan,
    services: plan.services.map((service) => ({
      ...service,
      variants: service.variants.map((each) => ({
        ...each,
        calls: each.calls.map((call) => ({ ...call, attemptTimeoutMs })),
      })),
    })),
  };
}

test("an outage keeps processes dead until it is over, and a restart replaces them after what they held", async () => {
  const outage = fault(500, 1_000, "zoneOutage", {}, BACK);
  const plan = twoTiers({ endMs: 4_000, timeline: [outage, fault(2_200, null, "restart", {}, BACK)] });
  const { end, recording } = await runLive(plan, { isolation: "process" });
  expect(end).toEqual({ reason: "completed" });
  expect(states(recording.events)).toEqual([
    "back#0 crashed",
    "back#0 starting",
    "back#0 ready",
    "back#0 stopping",
    "back#0 stopped",
    "back#0 starting",
    "back#0 ready",
  ]);
  const [crashed, starting] = recording.events.filter((event) => event.kind === "instance");
  expect(starting!.atMs - crashed!.atMs).toBeGreaterThan(900);
  expect([total(recording, "faults", 0, 0), total(recording, "faults", 1, 0)]).toEqual([1, 1]);
});
