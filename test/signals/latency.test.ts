import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binMiddleMs, binOf } from "../../harness/signals/bins.ts";
import { LatencyBins } from "../../harness/signals/latency.ts";

function binsOf(latenciesMs: readonly number[]): LatencyBins {
  const bins = new LatencyBins();
  for (const ms of latenciesMs) bins.add([0, binOf(ms), 1]);
  return bins;
}

describe("quantiles of merged bins", () => {
  it("are the order statistics of the observations, to the width of a bin", () => {
    const latencies = fc.array(fc.double({ min: 0.01, max: 10_000, noNaN: true }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(latencies, fc.constantFrom(0.5, 0.9, 0.99, 0.999, 1), (latenciesMs, quantile) => {
        const sorted = [...latenciesMs].sort((a, b) => a - b);
        const rank = Math.max(1, Math.ceil(quantile * sorted.length - 1e-6));
        expect(binsOf(latenciesMs).quantileMs(quantile)).toBe(binMiddleMs(binOf(sorted[rank - 1]!)));
      }),
    );
  });

  it("give the ninth of ten observations at 90 %", () => {
    expect(binsOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).quantileMs(0.9)).toBeCloseTo(9, 1);
  });

  it("are those of a new one once the old observations are cleared", () => {
    const latencies = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(latencies, latencies, (old, latenciesMs) => {
        const used = binsOf(old);
        used.clear();
        expect(used.quantileMs(0)).toBeNull();
        for (const ms of latenciesMs) used.add([0, binOf(ms), 1]);
        expect(used.total).toBe(latenciesMs.length);
        expect(used.quantilesMs([0, 0.5, 1])).toEqual(binsOf(latenciesMs).quantilesMs([0, 0.5, 1]));
      }),
    );
  });

  it("come of rows of many bins as of one observation after the other", () => {
    const row = (latenciesMs: readonly number[]): number[] => {
      const counts = new Map<number, number>();
      for (const bin of latenciesMs.map(binOf)) counts.set(bin, (counts.get(bin) ?? 0) + 1);
      return [0, ...[...counts].toSorted(([a], [b]) => a - b).flat()];
    };
    const latencies = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(latencies, latencies, latencies, (old, first, second) => {
        const used = new LatencyBins();
        used.add(row(old));
        used.clear();
        used.add(row(first));
        used.add(row(second));
        expect(used.quantilesMs([0, 0.5, 1])).toEqual(binsOf([...first, ...second]).quantilesMs([0, 0.5, 1]));
      }),
    );
  });

  it("are null without observations", () => {
    expect(new LatencyBins().quantileMs(0.5)).toBeNull();
  });
});
