// A run on real processes, put on tape, and the machines told all of it again: they decide the same.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { replayTape } from "../../harness/live/tape-replay.ts";
import type { CallPlan } from "../../harness/model/call-plan.ts";
import { ERROR, OVERLOAD } from "../../harness/model/outcome.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { Recording } from "../../harness/recording/recording.ts";
import { COLUMNS, runLive, total } from "./run-live.ts";
import { call, constant, fault, service, toCall, twoTiers, variant, work } from "./small-plan.ts";

const { EDGE } = COLUMNS;
const BACK = 1;

const folder = mkdtempSync(join(tmpdir(), "firebreak-tapes-"));
let recording: Recording;
/** By file. */
const tapes = new Map<string, readonly string[]>();

beforeAll(async () => {
  ({ recording } = await runLive(badCanary(), { isolation: "process", tapes: folder }));
  for (const name of readdirSync(folder))
    tapes.set(name, readFileSync(join(folder, name), "utf8").trimEnd().split("\n"));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

test("breaker, retries, budget, concurrency limit and rollout all had something to decide in the run on tape", () => {
  expect(total(recording, "edges", BACK, EDGE.retriesDenied)).toBeGreaterThan(0);
  expect(total(recording, "edges", BACK, EDGE.breakerOpenMs)).toBeGreaterThan(0);
  expect(total(recording, "edges", BACK, EDGE.attemptOwn + ERROR)).toBeGreaterThan(0);
  expect(total(recording, "edges", BACK, EDGE.attemptOwn + OVERLOAD)).toBeGreaterThan(0);
  const phases = [...recording.events].flatMap((event) => (event.kind === "rollout" ? [event.phase] : []));
  expect(phases).toContain("rollingBack");
});

test("replayed, every machine of every process gives the answers that it gave live", () => {
  // The conductor, the generator, three instances and the canary.
  expect(tapes.size).toBe(6);
  for (const [name, tape] of tapes) {
    const { difference, told, answers } = replayTape(tape);
    expect([name, difference]).toEqual([name, null]);
    expect(told).toBeGreaterThan(10);
    expect(answers).toBeGreaterThan(10);
  }
});

test("replayed, instances that share a process, stand still, die and come back do the same too", async () => {
  const shared = mkdtempSync(join(tmpdir(), "firebreak-tapes-"));
  const timeline = [fault(800, 300, "pause", {}, BACK), fault(1_500, null, "crash", {}, BACK)];
  await runLive({ ...badCanary(), endMs: 3_000, timeline, rollout: null }, { isolation: "inline", tapes: shared });
  const files = readdirSync(shared);
  // The conductor, the generator, and everybody else.
  expect(files).toHaveLength(3);
  const told: string[] = [];
  for (const name of files) {
    const tape = readFileSync(join(shared, name), "utf8").trimEnd().split("\n");
    expect([name, replayTape(tape).difference]).toEqual([name, null]);
    told.push(...tape.flatMap((text) => /^\["tell","[^"]+","(\w+)"/.exec(text)?.[1] ?? []));
  }
  for (const method of ["pause", "resume", "crash", "gone", "up"]) expect(told).toContain(method);
  rmSync(shared, { recursive: true });
});

test("a breaker, a retry, a budget, a limit or a gate that is another decides something else, and the replay says where", () => {
  const breaker = (plan: Plan): Plan =>
    withCall(plan, (each) => ({ circuitBreaker: { ...each.circuitBreaker!, failureRateThreshold: 0.9 } }));
  const retry = (plan: Plan): Plan => withCall(plan, (each) => ({ retry: { ...each.retry!, maxAttempts: 1 } }));
  const budget = (plan: Plan): Plan => withCall(plan, (each) => ({ retry: { ...each.retry!, budget: null } }));
  expect([breaker, retry, budget].map(differing)).toEqual([["front"], ["front"], ["front"]]);
  const limit = (plan: Plan): Plan => {
    const [front, back] = plan.services;
    const variants = back!.variants.map((each) => ({
      ...each,
      admission: { type: "concurrencyLimit", limit: { algorithm: "fixed", limit: 10_000 } } as const,
    }));
    return { ...plan, services: [front!, { ...back!, variants }] };
  };
  expect(differing(limit)).toContain("back");
  const gate = (plan: Plan): Plan => ({ ...plan, analyses: [{ ...plan.analyses[0]!, failureLimit: 9 }] });
  expect(differing(gate)).toEqual(["conductor"]);
});

test("an answer that is not on the tape, and one that nobody gives, are differences at their line", () => {
  const tape = tapes.get("conductor.jsonl")!;
  const at = tape.findIndex((line, index) => line.startsWith('["answer"') && tape[index + 1]!.startsWith('["tell"'));
  const is = expect.any(String) as string;
  expect(replayTape(tape.toSpliced(at, 1)).difference).toEqual({ line: at + 1, was: tape[at + 1], is: tape[at] });
  expect(replayTape(tape.slice(0, at)).difference).toEqual({ line: at + 1, was: null, is });
  const extra = tape.toSpliced(at, 0, tape[at]!);
  expect(replayTape(extra).difference).toEqual({ line: at + 2, was: tape[at], is: null });
});

/** Whose tapes differ under a changed plan: services by name, the generator, the conductor. */
function differing(change: (plan: Plan) => Plan): string[] {
  const names = [...tapes].flatMap(([, tape]) => (replayTape(tape, change).difference === null ? [] : [ownerOf(tape)]));
  return [...new Set(names)].sort();
}

function ownerOf(tape: readonly string[]): string {
  const made = tape.flatMap((text) => (text.startsWith('["make"') ? [JSON.parse(text) as Made] : []));
  const [, , kind, details] = made.find(([, , each]) => each !== "tally")!;
  return kind === "service" ? ["front", "back"][details!.instance.service]! : kind;
}

type Made = ["make", string, string, { readonly instance: { readonly service: number } } | null];

function withCall(plan: Plan, change: (call: CallPlan) => Partial<CallPlan>): Plan {
  const [front, back] = plan.services;
  const variants = front!.variants.map((each) => ({
    ...each,
    calls: each.calls.map((one) => ({ ...one, ...change(one) })),
  }));
  return { ...plan, services: [{ ...front!, variants }, back!] };
}

/** `back` gets a canary whose every second answer is an error, and which the gate takes back; its limit is low. */
function badCanary(): Plan {
  const front = variant([work(constant(1)), toCall(0)], {
    calls: [
      call(1, BACK, {
        timeoutMs: 1_000,
        attemptTimeoutMs: 400,
        retry: {
          maxAttempts: 3,
          retryOn: ["error", "overload"],
          backoff: { initialMs: 5, maxMs: 50, multiplier: 2, jitter: "full", proportion: 0 },
          budget: { type: "ratio", ratio: 0.02, minPerSecond: 0, ttlMs: 2_000 },
        },
        circuitBreaker: {
          failureRateThreshold: 0.25,
          slowCallRateThreshold: 1,
          slowCallDurationThresholdMs: 60_000,
          slidingWindow: { type: "count", size: 20 },
          minimumNumberOfCalls: 10,
          waitDurationInOpenStateMs: 300,
          permittedNumberOfCallsInHalfOpenState: 3,
          maxWaitDurationInHalfOpenStateMs: 0,
          automaticTransitionFromOpenToHalfOpen: false,
        },
      }),
    ],
  });
  const admission = {
    type: "concurrencyLimit",
    limit: { algorithm: "aimd", initialLimit: 2, minLimit: 1, maxLimit: 4, backoffRatio: 0.9, timeoutMs: 12 },
  } as const;
  const stable = variant([work({ kind: "exponential", meanMs: 8 })], { admission });
  const bad = { ...stable, version: "v2", errors: [errorsOf(0.8)] };
  return twoTiers(
    {
      endMs: 8_000,
      services: [service("front", 1, front), { ...service("back", 2, stable), variants: [stable, bad] }],
      versions: [{ name: "v2", service: BACK, variant: 1, isHarmless: false }],
      timeline: [{ do: "release", atMs: 1_000, version: 0, background: false }],
      rollout: {
        kind: "canary",
        steps: [{ do: "weight", weight: 50 }, { do: "analysis", analysis: 0 }, { do: "hold" }],
        scaleDownDelayMs: 0,
      },
      responses: [{ when: { type: "analysis" }, by: null, actions: ["rollback"] }],
      analyses: [
        {
          name: "health",
          intervalMs: 500,
          count: 3,
          failureLimit: 0,
          initialDelayMs: 1_500,
          onNoData: "ignore",
          metrics: [
            {
              metric: "services.back@v2.availability",
              overMs: 2_000,
              limit: { atLeast: 0.9, atMost: null, relativeToStable: false },
            },
          ],
        },
      ],
    },
    120,
  );
}

function errorsOf(share: number): Plan["services"][number]["variants"][number]["errors"][number] {
  return { share, cause: "error", status: 500, operation: null, site: 9 };
}
