// A closed population on real processes: as many requests under way as there are clients, and sessions that end with
// the process that held them.
import { expect, test } from "vitest";
import type { LoadPlan } from "../../harness/model/load-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { OK, REFUSED, TIMEOUT } from "../../harness/model/outcome.ts";
import { constant, fault, oneTier, variant, work } from "./small-plan.ts";
import { COLUMNS, runLive, total } from "./run-live.ts";

const { JOURNEY } = COLUMNS;
const CLIENTS = 20;

function withClients(plan: Plan, changes: Partial<LoadPlan>): Plan {
  const thinkTime = constant(50);
  const population = { clients: CLIENTS, thinkTime, session: null };
  return { ...plan, loads: plan.loads.map((load) => ({ ...load, users: CLIENTS, population, ...changes })) };
}

test("clients ask no faster than they are answered and think, and give up when their patience ends", async () => {
  const slow = variant([{ do: "wait", time: constant(100), probability: 1, site: 1 }]);
  const plan = oneTier(slow, 1, { endMs: 3_000 });
  const { end, recording } = await runLive(withClients(plan, {}), { isolation: "inline" });
  expect(end).toEqual({ reason: "completed" });
  // N = X (R + Z) with R of at least 100 ms: a machine that is busy with something else only makes it fewer.
  const most = (CLIENTS * 3_000) / (100 + 50) + CLIENTS;
  const answered = total(recording, "journeys", 0, JOURNEY.outcome + OK);
  expect(answered).toBeLessThanOrEqual(most);
  expect(answered).toBeGreaterThan(CLIENTS);
  expect(total(recording, "journeys", 0, JOURNEY.newUsers)).toBe(CLIENTS);
  const impatient = await runLive(withClients(plan, { patience: constant(40) }), { isolation: "inline" });
  expect(total(impatient.recording, "journeys", 0, JOURNEY.outcome + OK)).toBe(0);
  expect(total(impatient.recording, "journeys", 0, JOURNEY.outcome + TIMEOUT)).toBeGreaterThan(CLIENTS);
});

test("who was attached to a process that died begins another session elsewhere", async () => {
  const plan = oneTier(variant([work(constant(1))]), 1, {
    endMs: 3_000,
    timeline: [fault(1_000, null, "crash", {}, 0)],
  });
  const [front] = plan.services;
  const [journey] = plan.journeys;
  const reconnect = { initialMs: 50, maxMs: 50, multiplier: 1, jitter: "none", proportion: 0 } as const;
  const sessions: Plan = {
    ...plan,
    services: [{ ...front!, replicasPerZone: [2] }],
    journeys: [journey!, { ...journey!, name: "login" }],
  };
  const load: Partial<LoadPlan> = {
    population: {
      clients: CLIENTS,
      thinkTime: constant(50),
      session: { journey: 1, reconnect, endsOn: ["connection"] },
    },
    callOfJourney: [0, 0],
    calls: plan.loads[0]!.calls.map((call) => ({ ...call, sticky: "instance" as const })),
  };
  const { recording } = await runLive(withClients(sessions, load), { isolation: "process" });
  const logins = total(recording, "journeys", 1, JOURNEY.outcome + OK);
  // Half of them, and whoever tried the dead process before its end was known.
  expect(logins).toBeGreaterThanOrEqual(CLIENTS / 2);
  expect(logins).toBeLessThanOrEqual(CLIENTS);
  const connectedMs = total(recording, "journeys", 1, JOURNEY.connectedMs);
  expect(connectedMs).toBeLessThan(total(recording, "journeys", 1, JOURNEY.clientsMs));
});

test("a remedy at its time cuts the people off, and lets them in again", async () => {
  const plan = oneTier(variant([work(constant(1))]), 1, {
    endMs: 4_000,
    remedies: [{ name: "firewall", do: "disconnect", service: 0, forMs: 1_000, readmitOverMs: 0 }],
    responses: [{ when: { type: "at", atMs: 1_000 }, by: null, actions: ["firewall"] }],
  });
  const { recording } = await runLive(withClients(plan, {}), { isolation: "inline" });
  const refused = [...recording.buckets()].map(({ journeys }) => {
    const row = journeys.find(([number]) => number === 0) ?? [];
    const at = row.indexOf(JOURNEY.outcome + REFUSED, 1);
    return at < 0 ? 0 : row[at + 1]!;
  });
  expect(refused[0]).toBe(0);
  // Each of them tries about every 50 ms while the second lasts.
  expect(refused[1]).toBeGreaterThan(CLIENTS);
  expect(refused[3]).toBe(0);
});

test("a push that crashes whom it reaches kills the processes once, and others start in their place", async () => {
  const stable = variant([work(constant(1))]);
  const plan = oneTier(stable, 20, {
    endMs: 4_000,
    versions: [{ name: "filters", service: 0, variant: 1, isHarmless: true, isPush: true, onApply: "crash" }],
    timeline: [{ do: "release", atMs: 1_000, version: 0, background: false }],
    rollout: { kind: "everywhere", overMs: 0 },
  });
  const [only] = plan.services;
  const services = [{ ...only!, replicasPerZone: [2], variants: [stable, { ...stable, version: "filters" }] }];
  const { recording } = await runLive({ ...plan, services }, { isolation: "process" });
  const story = recording.events.flatMap((event) =>
    event.kind === "instance" ? [`${event.instance} ${event.version} ${event.state}`] : [],
  );
  for (const instance of ["only#0", "only#1"]) {
    const own = story.filter((line) => line.startsWith(instance));
    expect(own).toEqual([`${instance} stable crashed`, `${instance} filters starting`, `${instance} filters ready`]);
  }
});
