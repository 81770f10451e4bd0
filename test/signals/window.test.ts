import { describe, expect, it } from "vitest";
import { ERROR, OK, OVERLOAD } from "../../harness/model/outcome.ts";
import type { Address } from "../../harness/signals/address.ts";
import { parseAddress } from "../../harness/signals/address.ts";
import type { Bucket } from "../../harness/signals/bucket.ts";
import { EDGE, EDGE_WIDTH, JOURNEY, SERVICE, SERVICE_WIDTH } from "../../harness/signals/columns.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import { Tally } from "../../harness/signals/tally.ts";
import { Window } from "../../harness/signals/window.ts";
import { BACK, FRONT_BACK, smallPlan, USERS_FRONT } from "./small-plan.ts";

const plan = smallPlan();
const layout = layoutOf(plan);

/** One second with `good` and `bad` journey requests and as many at back@stable (10 ms) and back@v2 (50 ms). */
function second(index: number, good: number, bad: number): Bucket {
  const tally = new Tally(layout);
  tally.journeys[JOURNEY.ended] = good + bad;
  tally.journeys[JOURNEY.sent] = good + bad;
  tally.journeys[JOURNEY.outcome + OK] = good;
  tally.journeys[JOURNEY.outcome + ERROR] = bad;
  const stable = layout.serviceRow[BACK]![0]![0]! * SERVICE_WIDTH;
  const released = layout.serviceRow[BACK]![1]![1]! * SERVICE_WIDTH;
  tally.services[stable + SERVICE.ended] = good;
  tally.services[stable + SERVICE.outcome + OK] = good;
  tally.services[stable + SERVICE.latencyMs] = good * 10;
  tally.services[stable + SERVICE.readyMs] = 3000;
  tally.services[stable + SERVICE.queuedMs] = 500;
  tally.services[stable + SERVICE.busyMs] = 2000;
  tally.services[stable + SERVICE.workersMs] = 8000;
  tally.services[released + SERVICE.ended] = bad;
  tally.services[released + SERVICE.outcome + OVERLOAD] = bad;
  tally.services[released + SERVICE.readyMs] = 1000;
  for (let n = 0; n < good; n++) tally.serviceLatency.record(layout.serviceRow[BACK]![0]![0]!, 10);
  tally.edges[FRONT_BACK * EDGE_WIDTH + EDGE.calls] = good + bad;
  tally.edges[FRONT_BACK * EDGE_WIDTH + EDGE.attempts] = good + 3 * bad;
  tally.edges[USERS_FRONT * EDGE_WIDTH + EDGE.attempts] = 2 * (good + bad);
  return tally.close(index);
}

function addressOf(text: string): Address {
  const result = parseAddress(text, plan);
  if (!("address" in result)) throw new Error(result.problem);
  return result.address;
}

function watching(texts: readonly string[], overMs = 60_000): Window {
  const window = new Window(plan, layout);
  for (const text of texts) window.watch(addressOf(text), overMs);
  return window;
}

/** Ten seconds, or `count`. */
function filled(texts: readonly string[], count = 10): Window {
  const window = watching(texts);
  for (let index = 0; index < count; index++) window.add(second(index, 90, 10));
  return window;
}

function query(window: Window, text: string, fromMs: number, toMs: number): number | null {
  return window.query(addressOf(text), fromMs, toMs);
}

describe("a window of closed buckets", () => {
  it("answers for one stretch of time as if it had not been asked for another", () => {
    const text = "services.back.latencyMs.p99";
    const window = watching([text]);
    const of = (index: number, latencyMs: number): Bucket => {
      const tally = new Tally(layout);
      for (let n = 0; n < 10; n++) tally.serviceLatency.record(layout.serviceRow[BACK]![0]![0]!, latencyMs);
      return tally.close(index);
    };
    window.add(of(0, 500));
    window.add(of(1, 10));
    expect(query(window, text, 0, 1000)).toBeCloseTo(500, -1);
    expect(query(window, text, 1000, 2000)).toBeCloseTo(10, 0);
  });

  it("answers every kind of measure", () => {
    const over = (text: string): number | null => query(filled([text]), text, 0, 10_000);
    expect(over("journeys.buy.availability")).toBe(0.9);
    expect(over("journeys.buy.bad")).toBe(0.1);
    expect(over("journeys.buy.bad.error")).toBe(100);
    expect(over("journeys.buy.badShare.error")).toBe(0.1);
    expect(over("journeys.buy.requestsPerSecond")).toBe(100);
    expect(over("services.back.requests")).toBe(1000);
    expect(over("services.back@new.requests")).toBe(100);
    expect(over("services.back@v2.availability")).toBe(0);
    expect(over("services.back@stable.availability")).toBe(1);
    expect(over("services.back.rejected")).toBe(100);
    expect(over("services.back.queue")).toBe(0.5);
    expect(over("services.back.instancesReady")).toBe(4);
    expect(over("services.back.versions.v2")).toBe(0.25);
    expect(over("services.back.utilization.workers")).toBe(0.25);
    expect(over("services.back.attempts")).toBe(1200);
    expect(over("services.back.latencyMs.mean")).toBe(10);
    expect(over("services.back.latencyMs.p99")).toBeCloseTo(10, 0);
    expect(over("zones.south.availability")).toBe(0);
    expect(over("zones.north.availability")).toBe(1);
    expect(over("calls.front -> back.amplification")).toBe(1.2);
    expect(over("load.users.amplification")).toBe(2);
  });

  it("has no data where nothing happened that could be measured", () => {
    const over = (text: string): number | null => query(filled([text]), text, 0, 10_000);
    expect(over("services.front.availability")).toBeNull();
    expect(over("services.back.utilization.cpu")).toBeNull();
    expect(over("services.front.latencyMs.p99")).toBeNull();
    expect(over("services.front.requests")).toBe(0);
  });

  it("has no data where a bucket is missing or has not come yet", () => {
    const window = filled(["journeys.buy.availability"]);
    window.add(second(11, 90, 10));
    expect(query(window, "journeys.buy.availability", 5000, 11_000)).toBeNull();
    expect(query(window, "journeys.buy.availability", 11_000, 13_000)).toBeNull();
    expect(query(window, "journeys.buy.availability", 11_000, 12_000)).toBe(0.9);
  });

  it("leaves out what lies before the run's start", () => {
    expect(query(filled(["journeys.buy.requests"]), "journeys.buy.requests", -50_000, 10_000)).toBe(1000);
  });

  it("weighs buckets by their requests", () => {
    const window = watching(["journeys.buy.availability"]);
    window.add(second(0, 10, 0));
    window.add(second(1, 0, 30));
    expect(query(window, "journeys.buy.availability", 0, 2000)).toBe(0.25);
  });

  it("takes a bucket that comes again for the first", () => {
    const window = filled(["journeys.buy.bad"], 3);
    window.add(second(1, 0, 100));
    expect(query(window, "journeys.buy.bad", 0, 3000)).toBeCloseTo(0.4);
    expect(window.endMs).toBe(3000);
  });

  it("answers only what it was told to watch, before there was anything to see", () => {
    const window = filled(["journeys.buy.bad"]);
    expect(() => query(window, "journeys.buy.availability", 0, 1000)).toThrow("is watched");
    expect(() => window.watch(addressOf("journeys.buy.availability"), 1000)).toThrow("before it begins");
  });

  it("drops what is older than the longest stretch that was asked of it", () => {
    const window = watching(["journeys.buy.bad"], 20_000);
    window.watch(addressOf("journeys.buy.bad"), 5000);
    for (let index = 0; index < 100; index++) window.add(second(index, 90, 10));
    expect(window.endMs).toBe(100_000);
    expect(query(window, "journeys.buy.bad", 80_000, 100_000)).toBe(0.1);
    expect(query(window, "journeys.buy.bad", 70_000, 90_000)).toBeNull();
  });
});
