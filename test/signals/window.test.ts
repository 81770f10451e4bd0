import { describe, expect, it } from "vitest";
import { ERROR, OK, OVERLOAD } from "../../harness/model/outcome.ts";
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

function filled(count: number, keepMs = 60_000): Window {
  const window = new Window(plan, layout);
  window.keep(keepMs);
  for (let index = 0; index < count; index++) window.add(second(index, 90, 10));
  return window;
}

function query(window: Window, text: string, fromMs: number, toMs: number): number | null {
  const result = parseAddress(text, plan);
  if (!("address" in result)) throw new Error(result.problem);
  return window.query(result.address, fromMs, toMs);
}

describe("a window of closed buckets", () => {
  it("answers every kind of measure", () => {
    const window = filled(10);
    const over = (text: string): number | null => query(window, text, 0, 10_000);
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
    const window = filled(10);
    expect(query(window, "services.front.availability", 0, 10_000)).toBeNull();
    expect(query(window, "services.back.utilization.cpu", 0, 10_000)).toBeNull();
    expect(query(window, "services.front.latencyMs.p99", 0, 10_000)).toBeNull();
    expect(query(window, "services.front.requests", 0, 10_000)).toBe(0);
  });

  it("has no data where a bucket is missing or has not come yet", () => {
    const window = filled(10);
    window.add(second(11, 90, 10));
    expect(query(window, "journeys.buy.availability", 5000, 11_000)).toBeNull();
    expect(query(window, "journeys.buy.availability", 11_000, 13_000)).toBeNull();
    expect(query(window, "journeys.buy.availability", 11_000, 12_000)).toBe(0.9);
  });

  it("leaves out what lies before the run's start", () => {
    expect(query(filled(10), "journeys.buy.requests", -50_000, 10_000)).toBe(1000);
  });

  it("weighs buckets by their requests", () => {
    const window = new Window(plan, layout);
    window.keep(10_000);
    window.add(second(0, 10, 0));
    window.add(second(1, 0, 30));
    expect(query(window, "journeys.buy.availability", 0, 2000)).toBe(0.25);
  });

  it("answers the same whether it was asked before or after the buckets came", () => {
    const window = new Window(plan, layout);
    window.keep(10_000);
    window.add(second(0, 10, 5));
    expect(query(window, "journeys.buy.bad", 0, 1000)).toBeCloseTo(1 / 3);
    window.add(second(1, 15, 0));
    expect(query(window, "journeys.buy.bad", 0, 2000)).toBeCloseTo(1 / 6);
  });

  it("drops what is older than the longest window that it was asked to keep", () => {
    const window = filled(100, 20_000);
    window.keep(5000);
    expect(window.endMs).toBe(100_000);
    expect(query(window, "journeys.buy.bad", 80_000, 100_000)).toBe(0.1);
    expect(query(window, "journeys.buy.bad", 70_000, 90_000)).toBeNull();
  });
});
