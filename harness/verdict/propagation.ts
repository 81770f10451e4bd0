// How it spread: the impacted services in order of first impact, each with the call that carried the failure to
// it. A service is brought down from below, when it waits longer for a callee, or from above, when its callers
// send it more. Both are measured in the same unit, request-milliseconds that the control did not have in the
// service: the call with the most of them carried it.
import { CAUSES, CAUSE_COUNT, OK, TIMEOUT } from "../model/outcome.ts";
import { edgeName } from "../signals/address.ts";
import { SERVICE, SERVICE_WIDTH } from "../signals/columns.ts";
import { firstAbove } from "./blame-series.ts";
import type { Comparison } from "./comparison.ts";
import { pressureOf } from "./comparison.ts";
import { badRatio, LEAST_EXCESS_REQUESTS } from "./excess.ts";
import type { Impact } from "./impact.ts";
import { inOrderOfImpact } from "./impact.ts";
import type { Observation } from "./observation.ts";
import { columnSum } from "./totals.ts";
import type { VariantResult } from "./result.ts";
import type { Trigger } from "./trigger.ts";
import type { WindowCounts } from "./window-counts.ts";
import { valueIn } from "./window-table.ts";
import { WINDOW_EDGE, WINDOW_SERVICE } from "./windows.ts";

/** A call must carry at least this share of the requests that the service has in it anyway. */
const LEAST_SHARE = 0.02;

export function propagationOf(
  run: Observation,
  counts: readonly WindowCounts[],
  comparison: Comparison,
  impact: Impact,
  trigger: Trigger,
): VariantResult["propagation"][number][] {
  const beganMs = trigger.beganMs ?? 0;
  const hits = inOrderOfImpact(impact.services).map((service) => {
    const window = impact.services[service]![0]!;
    const usual = comparison.windows[window]!.services[service]!;
    // As many failures as the control has anyway, and the least number that counts as an impact.
    const explained = badRatio(usual) * counts[window]!.services[service]!.requests + LEAST_EXCESS_REQUESTS;
    return { service, window, atMs: Math.max(beganMs, startOf(service, window, explained, run)) };
  });
  const isTarget = (service: number): number => (trigger.services.includes(service) ? 0 : 1);
  hits.sort((a, b) => a.atMs - b.atMs || isTarget(a.service) - isTarget(b.service) || a.service - b.service);
  return hits.map(({ service, window, atMs }, position) => ({
    service: run.plan.services[service]!.name,
    atMs: atMs - run.plan.warmUpMs,
    via: position === 0 ? null : carrierOf(service, window, run, comparison),
    cause: mainCauseOf(service, window, run),
  }));
}

/** Run time of the first bucket of the window by which more attempts had failed than `explained`, else of the window. */
function startOf(service: number, window: number, explained: number, run: Observation): number {
  const from = run.grid.firstBucket + window * run.grid.bucketsPerWindow;
  const bucket = firstAbove(run.blame, service, from, from + run.grid.bucketsPerWindow, explained);
  return (bucket ?? from) * run.plan.bucketMs;
}

/** Over the window of first impact and the one before: later, callers react to the failure itself. */
function carrierOf(service: number, window: number, run: Observation, comparison: Comparison): string | null {
  const { plan } = run;
  const own = meanLatencyMs(service, run);
  let most = LEAST_SHARE * inSystemMs(service, window, run);
  let carrier: string | null = null;
  plan.edges.forEach((edge, index) => {
    const isCaller = edge.caller.type === "service" && edge.caller.index === service;
    if (!isCaller && edge.callee !== service) return;
    let weightMs = 0;
    for (const at of [window - 1, window]) {
      const before = comparison.pressure(index, at);
      const now = pressureOf(run, index, at);
      if (isCaller) weightMs += now.latencyMs - before.latencyMs + timedOutMs(run, index, at);
      else weightMs += (now.attempts - before.attempts) * own;
    }
    if (weightMs <= most) return;
    most = weightMs;
    carrier = edgeName(edge, plan);
  });
  return carrier;
}

/** Time spent waiting in vain: timeouts have no latency of their own in the columns. */
function timedOutMs(run: Observation, edge: number, window: number): number {
  const { edges } = run.windows;
  const count =
    valueIn(edges, window, edge, WINDOW_EDGE.attemptOwn + TIMEOUT) +
    valueIn(edges, window, edge, WINDOW_EDGE.abandonedWaiting);
  const { caller } = run.plan.edges[edge]!;
  if (count === 0 || caller.type !== "service") return 0;
  const calls = run.plan.services[caller.index]!.variants.flatMap((variant) => variant.calls);
  const waitsMs = calls
    .filter((call) => call.edge === edge)
    .map((call) => call.attemptTimeoutMs ?? call.timeoutMs ?? 0);
  return count * Math.max(0, ...waitsMs);
}

function rowsOf(service: number, { layout }: Observation): number[] {
  return layout.serviceRow[service]!.flat();
}

function meanLatencyMs(service: number, run: Observation): number {
  const rows = rowsOf(service, run);
  const ended = columnSum(run.totals.services, SERVICE_WIDTH, rows, SERVICE.ended);
  return ended > 0 ? columnSum(run.totals.services, SERVICE_WIDTH, rows, SERVICE.sojournMs) / ended : 0;
}

function inSystemMs(service: number, window: number, run: Observation): number {
  const { services } = run.windows;
  return rowsOf(service, run).reduce((sum, row) => sum + valueIn(services, window, row, WINDOW_SERVICE.inSystemMs), 0);
}

/** The commonest cause among the failed attempts that began in the service, or `slow` where users just waited too long. */
function mainCauseOf(service: number, window: number, run: Observation): string {
  const counts = new Float64Array(CAUSE_COUNT);
  const { edges, origins } = run.windows;
  for (let cause = OK + 1; cause < CAUSE_COUNT; cause++) {
    counts[cause] = valueIn(origins, window, service, cause);
    run.plan.edges.forEach(({ callee }, edge) => {
      if (callee === service) counts[cause]! += valueIn(edges, window, edge, WINDOW_EDGE.attemptOwn + cause);
    });
  }
  const most = counts.indexOf(Math.max(...counts));
  return CAUSES[counts[most]! > 0 ? most : TIMEOUT]!;
}
