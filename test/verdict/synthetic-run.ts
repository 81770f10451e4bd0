// Recordings written by hand through the real Tally: 100 users' requests a second go from the front to the back
// and the side; what fails where is told per second.
import { OK } from "../../harness/model/outcome.ts";
import type { Expectation, Plan } from "../../harness/model/plan.ts";
import type { RunEvent } from "../../harness/recording/event.ts";
import { MemoryRecording } from "../../harness/recording/memory-recording.ts";
import { planHash } from "../../harness/recording/plan-hash.ts";
import type { Recording, RunEnd } from "../../harness/recording/recording.ts";
import { RECORDING_FORMAT } from "../../harness/recording/recording.ts";
import { EDGE, EDGE_WIDTH, FAULT, JOURNEY, SERVICE, SERVICE_WIDTH } from "../../harness/signals/columns.ts";
import type { Layout } from "../../harness/signals/layout.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import { Tally } from "../../harness/signals/tally.ts";
import { BACK, FRONT, FRONT_BACK, FRONT_SIDE, SIDE, smallPlan, USERS_FRONT } from "../signals/small-plan.ts";

export const PER_SECOND = 100;
export const USERS = 1000;
export const WARM_UP_SECONDS = 10;

/** So many of a second's requests fail in `service` with `cause`, and everything above passes that on. */
export interface Failure {
  readonly service: number;
  readonly cause: number;
  readonly requests: number;
}

export interface Scene {
  readonly plan?: Plan;
  /** Second 0 is the end of the warm-up. */
  readonly failures?: (second: number) => readonly Failure[];
  /** Share (0..1) of the back's requests that v2 serves. */
  readonly weight?: (second: number) => number;
  readonly events?: readonly RunEvent[];
  readonly end?: RunEnd;
  readonly seconds?: number;
  /** Anything else that a second writes, into the open bucket. */
  readonly also?: (tally: Tally, second: number, layout: Layout) => void;
  readonly engine?: "sim" | "live";
}

/** Run time of a second after the warm-up. */
export function at(second: number): number {
  return (second + WARM_UP_SECONDS) * 1000;
}

export function recorded(scene: Scene = {}): Recording {
  const plan = scene.plan ?? smallPlan();
  const layout = layoutOf(plan);
  const tally = new Tally(layout);
  const sink = new MemoryRecording();
  sink.begin({ format: RECORDING_FORMAT, engine: scene.engine ?? "sim", planHash: planHash(plan), plan });
  const seconds = scene.seconds ?? plan.endMs / 1000 - WARM_UP_SECONDS;
  for (let second = -WARM_UP_SECONDS; second < seconds; second++) {
    writeSecond(tally, layout, second, scene.failures?.(second) ?? [], scene.weight?.(second) ?? 0);
    scene.also?.(tally, second, layout);
    sink.bucket(tally.close(second + WARM_UP_SECONDS));
  }
  for (const event of scene.events ?? []) sink.event(event);
  sink.end(scene.end ?? { reason: "completed" });
  return sink.finished();
}

/** The control of a scene: the same requests, nothing fails but what fails anyway. */
export function controlOf(scene: Scene = {}): Recording {
  const plan = {
    ...(scene.plan ?? smallPlan()),
    strategy: null,
    isControl: true,
    timeline: (scene.plan ?? smallPlan()).timeline.filter(({ background }) => background),
  };
  return recorded({
    plan,
    failures: scene.failures ?? (() => []),
    ...(scene.engine === undefined ? {} : { engine: scene.engine }),
  });
}

export function expecting(
  changes: Partial<Omit<Expectation, "containment">> & {
    readonly containment?: Partial<Expectation["containment"]>;
  } = {},
): Expectation {
  const { containment, ...rest } = changes;
  return {
    expect: "contained",
    checks: [],
    ...rest,
    containment: { within: null, users: 0.05, zones: null, recoverWithinMs: 60_000, ...containment },
  };
}

export function began(second: number): RunEvent {
  return { atMs: at(second), kind: "trigger", state: "began" };
}

export function gone(second: number): RunEvent {
  return { atMs: at(second), kind: "trigger", state: "gone" };
}

/** Failures of one service between two seconds. */
export function failing(
  service: number,
  cause: number,
  requests: number,
  from: number,
  to: number,
): (second: number) => Failure[] {
  return (second) => (second >= from && second < to ? [{ service, cause, requests }] : []);
}

const PATHS: Readonly<Record<number, readonly number[]>> = {
  [FRONT]: [USERS_FRONT],
  [BACK]: [USERS_FRONT, FRONT_BACK],
  [SIDE]: [USERS_FRONT, FRONT_SIDE],
};

function writeSecond(tally: Tally, layout: Layout, second: number, failures: readonly Failure[], weight: number): void {
  const bad = failures.reduce((sum, { requests }) => sum + requests, 0);
  const { journeys, services, edges } = tally;
  journeys[JOURNEY.sent]! += PER_SECOND;
  journeys[JOURNEY.ended]! += PER_SECOND;
  journeys[JOURNEY.outcome + OK]! += PER_SECOND - bad;
  journeys[JOURNEY.latencyMs]! += PER_SECOND * 20;
  if (second >= 0 && second * PER_SECOND < USERS) journeys[JOURNEY.newUsers]! += PER_SECOND;
  for (let request = 0; request < PER_SECOND; request++) tally.journeyLatency.record(0, 20);
  for (const edge of [USERS_FRONT, FRONT_BACK, FRONT_SIDE]) {
    const failed = failures
      .filter(({ service }) => PATHS[service]!.includes(edge))
      .reduce((sum, { requests }) => sum + requests, 0);
    edges[edge * EDGE_WIDTH + EDGE.calls]! += PER_SECOND;
    edges[edge * EDGE_WIDTH + EDGE.attempts]! += PER_SECOND;
    edges[edge * EDGE_WIDTH + EDGE.call + OK]! += PER_SECOND - failed;
    edges[edge * EDGE_WIDTH + EDGE.attemptPassed + OK]! += PER_SECOND - failed;
    edges[edge * EDGE_WIDTH + EDGE.latencyMs]! += (PER_SECOND - failed) * 10;
  }
  writeServices(services, layout, failures, weight);
  let user = (Math.max(0, second) * PER_SECOND) % USERS;
  for (const { service, cause, requests } of failures) {
    journeys[JOURNEY.outcome + cause]! += requests;
    const path = PATHS[service]!;
    path.forEach((edge, depth) => {
      const block = depth === path.length - 1 ? EDGE.attemptOwn : EDGE.attemptPassed;
      edges[edge * EDGE_WIDTH + block + cause]! += requests;
      edges[edge * EDGE_WIDTH + EDGE.call + cause]! += requests;
    });
    for (let request = 0; request < requests; request++) tally.bad(0, user++ % USERS, service, cause);
  }
}

/** Requests alternate between the zones; failures happen in the first. */
function writeServices(services: Float64Array, layout: Layout, failures: readonly Failure[], weight: number): void {
  for (const service of [FRONT, BACK, SIDE]) {
    const released = service === BACK ? Math.round(PER_SECOND * weight) : 0;
    layout.serviceRow[service]!.forEach((zones, variant) => {
      zones.forEach((row, zone) => {
        const ended = (variant === 0 ? PER_SECOND - released : released) / 2;
        if (ended === 0) return;
        const here =
          zone === 0 && variant === (released > 0 ? 1 : 0)
            ? failures.filter(
                (failure) => PATHS[failure.service]!.length > 0 && (failure.service === service || service === FRONT),
              )
            : [];
        const failed = here.reduce((sum, { requests }) => sum + requests, 0);
        services[row * SERVICE_WIDTH + SERVICE.arrived]! += ended;
        services[row * SERVICE_WIDTH + SERVICE.ended]! += ended;
        services[row * SERVICE_WIDTH + SERVICE.readyMs]! += 1000;
        services[row * SERVICE_WIDTH + SERVICE.inSystemMs]! += ended * 10;
        services[row * SERVICE_WIDTH + SERVICE.sojournMs]! += ended * 10;
        services[row * SERVICE_WIDTH + SERVICE.outcome + OK]! += ended - failed;
        for (const { cause, requests } of here) services[row * SERVICE_WIDTH + SERVICE.outcome + cause]! += requests;
      });
    });
  }
}

/** A hit of the timeline's fault in this second. */
export function hit(tally: Tally, hits: number): void {
  tally.faults[FAULT.hits]! += hits;
}
