import { readdirSync } from "node:fs";
import * as z from "zod";
import { expect, test } from "vitest";
import { faults, isFaultKind } from "../../harness/faults/catalogue.ts";
import { fault, type Fault } from "../../harness/faults/fault.ts";
import { atPace } from "../../harness/schema/at-pace.ts";

/** Words of both levels, which no one fault may answer with. */
const BOTH = [
  { on: "instance", do: "capacity", ratio: 0.5 },
  { on: "request", do: "answer", status: 503 },
] as const;

/** A fault's attributes as a user would write them, through its schema, to its disturbances. */
function disturbances(fault: Fault, written: Record<string, unknown>): unknown {
  return fault.disturb(atPace(z.strictObject(fault.attributes).parse(written), 10));
}

test("each fault answers with its disturbances", () => {
  expect(disturbances(faults.latency, { add: "500ms" })).toEqual([
    { on: "request", do: "delay", time: { kind: "constant", ms: 500 } },
  ]);
  expect(disturbances(faults.error, {})).toEqual([{ on: "request", do: "answer", status: 500 }]);
  expect(disturbances(faults.error, { status: 429 })).toEqual([{ on: "request", do: "answer", status: 429 }]);
  const nothing = { kind: "constant", ms: 0 };
  expect(disturbances(faults.reset, {})).toEqual([
    { on: "request", do: "delay", time: nothing },
    { on: "request", do: "reset" },
  ]);
  expect(disturbances(faults.hang, {})).toEqual([{ on: "request", do: "hang" }]);
  expect(disturbances(faults.slowBody, { over: "10s" })).toEqual([
    { on: "request", do: "drip", time: { kind: "constant", ms: 10_000 } },
  ]);
  expect(disturbances(faults.malformed, {})).toEqual([{ on: "request", do: "garble" }]);
  expect(disturbances(faults.packetLoss, { loss: "5%" })).toEqual([
    { on: "request", do: "retransmit", loss: 0.05, timeoutMs: 200 },
  ]);
  expect(disturbances(faults.bandwidth, { rate: "1MiB/s" })).toEqual([
    { on: "request", do: "transmit", messageMs: 15.625 },
  ]);
  expect(disturbances(faults.partition, {})).toEqual([{ on: "request", do: "lose" }]);
  expect(disturbances(faults.dns, {})).toEqual([{ on: "request", do: "unresolve", time: nothing }]);
  expect(disturbances(faults.crash, {})).toEqual([{ on: "instance", do: "kill" }]);
  expect(disturbances(faults.pause, {})).toEqual([{ on: "instance", do: "stop" }]);
  expect(disturbances(faults.refuse, {})).toEqual([{ on: "instance", do: "refuse" }]);
  expect(disturbances(faults.restart, {})).toEqual([{ on: "instance", do: "restart" }]);
  expect(disturbances(faults.zoneOutage, {})).toEqual([{ on: "instance", do: "down" }]);
  expect(disturbances(faults.slowStart, { times: 5 })).toEqual([{ on: "instance", do: "slowStart", times: 5 }]);
  expect(disturbances(faults.failReadiness, {})).toEqual([{ on: "instance", do: "unready" }]);
  // Control time: at a tenth of the time it leaks ten times as fast.
  expect(disturbances(faults.memoryLeak, { rate: "1kB/s" })).toEqual([{ on: "instance", do: "leak", bytesPerMs: 10 }]);
  expect(disturbances(faults.cacheFlush, {})).toEqual([{ on: "instance", do: "flush" }]);
  expect(disturbances(faults.connectionLimit, { to: 5 })).toEqual([
    { on: "instance", do: "limitConnections", most: 5 },
  ]);
  expect(disturbances(faults.loadSpike, { times: 3 })).toEqual([{ on: "load", do: "multiply", times: 3 }]);
  expect(disturbances(faults.capacity, { to: "70%" })).toEqual([{ on: "instance", do: "capacity", ratio: 0.7 }]);
});

test.each([
  ["latency", {}],
  ["latency", { add: 500 }],
  ["error", { status: 200 }],
  ["error", { status: 600 }],
  ["capacity", { to: "170%" }],
  ["crash", { to: 1 }],
  ["slowBody", {}],
  ["bandwidth", { rate: "1MiB" }],
  ["bandwidth", { rate: "0B/s" }],
] as const)("%s refuses %o", (kind, written) => {
  expect(z.strictObject(faults[kind].attributes).safeParse(written).success).toBe(false);
});

test.each(Object.entries<Fault>(faults))(
  "%s says what it does, where, and disturbs at its own level only",
  (kind, fault) => {
    expect(isFaultKind(kind)).toBe(true);
    expect(fault.about).toMatch(/^[A-Z].*\.$/);
    expect(fault.targets.length).toBeGreaterThan(0);
    if (fault.level === "instance") expect(fault.targets).not.toContain("edge");
    for (const attribute of Object.values(fault.attributes)) {
      expect((attribute as z.ZodType).description, "an attribute is documented").toBeTruthy();
    }
  },
);

test("a fault cannot speak of the other level", () => {
  const attributes = {};
  // @ts-expect-error: the engines would hit every instance with the request's half of it.
  const mixed = fault({ about: "Both.", level: "instance", targets: ["service"], attributes, disturb: () => BOTH });
  expect(mixed.level).toBe("instance");
});

test("each fault has a file of its own name", () => {
  const files = readdirSync(new URL("../../harness/faults", import.meta.url));
  const fileOf = (kind: string) => `${kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
  for (const kind of Object.keys(faults)) expect(files).toContain(fileOf(kind));
});
