// The connections that an instance takes: one for each request that is in it.
import { describe, expect, it } from "vitest";
import { REFUSED } from "../../harness/model/outcome.ts";
import { work } from "../service/variant-plan.ts";
import { fault, lone } from "./lone-service.ts";

const A = 0;
const ONE = { model: "threads", concurrency: 1, queueCapacity: null } as const;

describe("an instance with so many connections", () => {
  it("refuses who finds them taken, at once and whatever the queue has room for", () => {
    const fleet = lone({ maxConnections: 2, pool: ONE, operations: [{ steps: [work(10)] }] });
    for (const key of [1, 2, 3]) fleet.ask({ key });
    expect(fleet.answers).toMatchObject([{ key: 3, atMs: 0, cause: "refused", status: 503, origin: [A, "refused"] }]);
    fleet.pass(10);
    fleet.ask({ key: 4 });
    fleet.pass(100);
    expect(fleet.answers.map(({ key, atMs }) => [key, atMs])).toEqual([
      [3, 0],
      [1, 10],
      [2, 20],
      [4, 30],
    ]);
    expect([fleet.service(A, "arrived"), fleet.service(A, "outcome", REFUSED)]).toEqual([4, 1]);
  });

  it("keeps the connection of a request that a fault holds back, and hits no other with it", () => {
    const fleet = lone({ maxConnections: 1, operations: [{ steps: [work(10)] }] });
    fleet.disturb([fault(0, "delay", 30)]);
    fleet.ask({ key: 1 });
    fleet.ask({ key: 2 });
    fleet.pass(100);
    expect(fleet.answers.map(({ key, atMs, cause }) => [key, atMs, cause])).toEqual([
      [2, 0, "refused"],
      [1, 40, "ok"],
    ]);
    expect(fleet.hits(0)).toBe(1);
  });
});
