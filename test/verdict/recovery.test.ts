// Recovery where requests are few: what a window of ten seconds cannot tell, a longer one does.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ERROR, OK } from "../../harness/model/outcome.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import type { Layout } from "../../harness/signals/layout.ts";
import { JOURNEY, JOURNEY_WIDTH } from "../../harness/signals/columns.ts";
import { Tally } from "../../harness/signals/tally.ts";
import { addToJourneys, emptyJourneySeries, journeyCounts, journeySums } from "../../harness/verdict/journey-series.ts";
import { judge } from "../../harness/verdict/judge.ts";
import type { VariantResult } from "../../harness/verdict/result.ts";
import { smallPlan } from "../signals/small-plan.ts";
import { began, expecting, gone, recorded } from "./synthetic-run.ts";

const { journeys, loads } = smallPlan();
/** Beside the many who buy, few renew: both of the same load. */
const plan = smallPlan({
  journeys: [...journeys, { ...journeys[0]!, name: "renew" }],
  loads: [
    {
      ...loads[0]!,
      mix: [
        { journey: 0, share: 0.99 },
        { journey: 1, share: 0.01 },
      ],
      callOfJourney: [0, 0],
    },
  ],
});

/** `sent` defaults to `requests`, those that end. */
type Renewals = (second: number) => { readonly requests: number; readonly bad: number; readonly sent?: number };

/** A request every third second; bad from 60 to `to`. */
function renewals(to: number): Renewals {
  return (second) => {
    const requests = second % 3 === 0 ? 1 : 0;
    return { requests, bad: second >= 60 && second < to ? requests : 0 };
  };
}

function writer(of: Renewals): (tally: Tally, second: number, layout: Layout) => void {
  return ({ journeys: columns }, second, layout) => {
    const row = layout.journeyRow[0]![1]! * JOURNEY_WIDTH;
    const { requests, bad, sent = requests } = of(second);
    columns[row + JOURNEY.sent]! += sent;
    columns[row + JOURNEY.ended]! += requests;
    columns[row + JOURNEY.outcome + OK]! += requests - bad;
    columns[row + JOURNEY.outcome + ERROR]! += bad;
  };
}

/** The release is there from 60 to 120 s. */
function verdict(of: Renewals, control: Renewals | null = renewals(0)): VariantResult {
  const run = recorded({
    plan,
    weight: (second) => (second >= 60 && second < 120 ? 1 : 0),
    events: [began(60), gone(120)],
    also: writer(of),
  });
  return judge(
    run,
    control === null ? null : recorded({ plan: { ...plan, timeline: [], isControl: true }, also: writer(control) }),
    expecting({ containment: { users: 1 } }),
  );
}

describe.each([
  ["against a control run", renewals(0)],
  ["against the steady state", null],
])("with a request every third second, %s", (_, control) => {
  it("who fails to the end has not recovered", () => {
    expect(verdict(renewals(300), control)).toMatchObject({
      outcome: "persisted",
      timesMs: { toRecover: null },
      facts: { recovered: false },
    });
  });

  it("recovery comes when the failures end, within what five requests resolve", () => {
    const { outcome, timesMs } = verdict(renewals(240), control);
    expect(outcome).toBe("persisted");
    // Five in a row show a failure, and take 15 s: a window that begins later than that before their end does not.
    expect(timesMs.toRecover).toBeGreaterThanOrEqual(120_000 - 15_000);
    expect(timesMs.toRecover).toBeLessThanOrEqual(120_000);
  });

  it("who was well when the trigger was gone has recovered at once", () => {
    expect(verdict(renewals(120), control)).toMatchObject({ outcome: "contained", timesMs: { toRecover: 0 } });
  });

  it("who fails again at the end has not recovered", () => {
    const again: Renewals = (second) => {
      const requests = second % 3 === 0 ? 1 : 0;
      return { requests, bad: (second >= 60 && second < 120) || second >= 270 ? requests : 0 };
    };
    expect(verdict(again, control).outcome).toBe("persisted");
  });

  it("a single failure is no relapse", () => {
    const once: Renewals = (second) => {
      const requests = second % 3 === 0 ? 1 : 0;
      return { requests, bad: (second >= 60 && second < 120) || second === 297 ? requests : 0 };
    };
    expect(verdict(once, control)).toMatchObject({ outcome: "contained", timesMs: { toRecover: 0 } });
  });

  it("where nothing ends any more, nobody is well", () => {
    const silent: Renewals = (second) =>
      second >= 60 ? { requests: 0, bad: 0, sent: second % 3 === 0 ? 1 : 0 } : renewals(0)(second);
    expect(verdict(silent, control)).toMatchObject({ outcome: "persisted", timesMs: { toRecover: null } });
  });
});

describe("where the run ends before there is enough to tell", () => {
  /** Three renewals before the end, and the control has as few: the silence before them is nobody's failure. */
  function atTheEnd(bad: number): Renewals {
    return (second) => {
      if (second < 60) return renewals(0)(second);
      const requests = second === 290 || second === 293 || second === 296 ? 1 : 0;
      return { requests, bad: second < 290 + 3 * bad ? requests : 0 };
    };
  }

  it.each([
    [3, "persisted"],
    [2, "persisted"],
    [1, "contained"],
    [0, "contained"],
  ])("the majority decides: %i of 3 bad", (bad, outcome) => {
    expect(verdict(atTheEnd(bad), atTheEnd(0)).outcome).toBe(outcome);
  });
});

describe("sums over a stretch of a journey", () => {
  it("are those of its buckets, added up", () => {
    const series = emptyJourneySeries(plan);
    const { counts, width } = series;
    counts.forEach((_, at) => (counts[at] = (at * 7) % 11));
    const sums = journeySums(series);
    const bucket = fc.integer({ min: -5, max: counts.length / width + 5 });
    fc.assert(
      fc.property(bucket, bucket, fc.nat(1), (from, to, journey) => {
        expect(sums(journey, from, Math.max(from, to))).toMatchObject(
          journeyCounts(series, journey, from, Math.max(from, to)),
        );
      }),
    );
  });
});

describe("a journey's bad requests", () => {
  it("are not the time that people were connected", () => {
    const layout = layoutOf(plan);
    const tally = new Tally(layout);
    tally.journeys[JOURNEY.ended]! += 10;
    tally.journeys[JOURNEY.outcome + OK]! += 8;
    tally.journeys[JOURNEY.outcome + ERROR]! += 2;
    tally.journeys[JOURNEY.connectedMs]! += 5000;
    tally.journeys[JOURNEY.clientsMs]! += 9000;
    const series = emptyJourneySeries(plan);
    addToJourneys(series, tally.close(0), layout);
    expect(journeyCounts(series, 0, 0, 1)).toEqual({ requests: 10, bad: 2 });
  });
});
