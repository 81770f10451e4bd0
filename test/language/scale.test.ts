import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServicePlan } from "../../harness/model/service-plan.ts";
import { fittingScale, scaledService } from "../../harness/language/scale-service.ts";
import { variantsOf } from "./temporary-files.ts";

const FLEET =
  "topology: t\nzones: [ a, b, c ]\nservices: { web: { replicas: 10, pool: { concurrency: 64, queue: { capacity: 128 } }, cpu: { cores: 8 }, operations: { buy: [ 1ms ] } } }\n";
const SCENARIO =
  "scenario: s\ntopology: fleet.yaml\nduration: 1m\njourneys: { j: { start: web } }\nload: { users: { journey: j, rate: 100/s, users: 1000 } }\n";
const full: ServicePlan = variantsOf({ "scenario.yaml": SCENARIO, "fleet.yaml": FLEET })[0]!.plan.services[0]!;

function sized(replicasPerZone: number[], concurrency: number | null, cores: number | null): ServicePlan {
  const [variant] = full.variants;
  return {
    ...full,
    replicasPerZone,
    variants: [{ ...variant!, pool: { ...variant!.pool, concurrency }, cpu: { ...variant!.cpu, cores } }],
  };
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

describe("scale", () => {
  test("takes replicas, arrivals and users down together", () => {
    const { plan } = variantsOf({ "scenario.yaml": `${SCENARIO}scale: 50%\n`, "fleet.yaml": FLEET })[0]!;
    expect(plan.services[0]).toMatchObject({
      replicasPerZone: [2, 2, 1],
      variants: [{ pool: { concurrency: 64 }, cpu: { cores: 8 } }],
    });
    expect(plan.loads[0]).toMatchObject({ rate: [{ ratePerSecond: 50 }], users: 500 });
  });

  test("keeps two instances where there were two, and takes the rest from each", () => {
    expect(scaledService(full, 0.1)).toMatchObject({
      replicasPerZone: [1, 1, 0],
      variants: [{ pool: { concurrency: 32, queueCapacity: 64 }, cpu: { cores: 4 } }],
    });
    expect(scaledService(sized([1, 0, 0], 64, 8), 0.25)).toMatchObject({
      replicasPerZone: [1, 0, 0],
      variants: [{ pool: { concurrency: 16 }, cpu: { cores: 2 } }],
    });
  });

  test("is refused where whole workers and cores cannot express it, with the next one that fits", () => {
    expect(scaledService(sized([2, 0, 0], 64, 1), 0.5)).toBeNull();
    expect(fittingScale([sized([2, 0, 0], 64, 4)], 0.05)).toBe(0.23);
    expect(fittingScale([sized([2, 0, 0], 64, 1)], 0.5)).toBe(0.91);
  });

  test("keeps the capacity per request within 10 %, and never adds", () => {
    const zones = fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }).filter((counts) => total(counts) > 0);
    const size = fc.option(fc.integer({ min: 1, max: 300 }), { nil: null });
    fc.assert(
      fc.property(
        zones,
        size,
        size,
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (perZone, concurrency, cores, scale) => {
          const before = sized(perZone, concurrency, cores);
          const after = scaledService(before, scale);
          if (after === null) return;
          const [replicas, wanted] = [total(after.replicasPerZone), total(perZone) * scale];
          expect(replicas).toBeGreaterThanOrEqual(Math.min(2, total(perZone)));
          expect(replicas).toBeLessThanOrEqual(total(perZone));
          const [was, is] = [before.variants[0]!, after.variants[0]!];
          const pairs = [
            [was.pool.concurrency, is.pool.concurrency],
            [was.cpu.cores, is.cpu.cores],
          ] as const;
          for (const [full, shrunk] of pairs) {
            if (full === null) expect(shrunk).toBeNull();
            else expect(Math.abs((replicas * shrunk!) / (wanted * full) - 1)).toBeLessThanOrEqual(0.1 + 1e-6);
          }
        },
      ),
    );
  });
});
