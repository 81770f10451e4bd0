// What the faults on requests look like to a client that knows nothing of firebreak: node:http, and a raw socket.
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { afterEach, expect, test } from "vitest";
import type { ActiveDisturbance } from "../../harness/faults/active-disturbance.ts";
import { type FaultKind, faults } from "../../harness/faults/catalogue.ts";
import { InPath } from "../../harness/faults/in-path.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { FaultScope } from "../../harness/model/release-plan.ts";
import { channelPair } from "../../harness/wire/control-channel.ts";
import { CONTROL_PROTOCOL } from "../../harness/wire/control-message.ts";
import type { Command, Report } from "../../harness/wire/control-message.ts";
import { monotonicMs } from "../../harness/wire/run-clock.ts";
import { ServiceHost } from "../../mock-services/service-host.ts";
import { constant, fault, oneTier, variant, work } from "../live/small-plan.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** A request of the fleet, as anybody could write it. */
const HEADERS = {
  "firebreak-to": "0.0",
  "firebreak-key": "0000000000000001",
  "firebreak-user": "1",
  "firebreak-depth": "0",
};
const RAW = [
  "POST /handle HTTP/1.1",
  "host: localhost",
  ...Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`),
  "content-length: 0",
  "\r\n",
].join("\r\n");

/** A service that works for a millisecond, behind a port of its own. */
async function service(timeline: Plan["timeline"], active: readonly ActiveDisturbance[], workMs = 1) {
  const [channel, theirs] = channelPair<Command, Report>();
  const host = new ServiceHost(theirs, () => {});
  cleanUps.push(() => host.abort());
  const listening = new Promise<number>((resolve) => {
    channel.onMessage((report) => report.report === "listening" && resolve(report.port));
  });
  const plan = oneTier(variant([work(constant(workMs))]), 1, {
    timeline,
    headers: [{ name: "x-tenant", value: "acme" }],
  });
  channel.send({ do: "setup", protocol: CONTROL_PROTOCOL, plan });
  const instance = { id: 0, generation: 0, service: 0, variant: 0, zone: 0 };
  channel.send({ do: "listen", instance, ordinal: 0 });
  const port = await listening;
  channel.send({ do: "disturb", active });
  channel.send({ do: "begin", originMs: monotonicMs(), loopbackMs: 0 });
  channel.send({ do: "ready", id: 0 });
  return { port, channel };
}

/** The port of one with this fault in force from the beginning. */
async function broken(
  kind: FaultKind,
  attributes: Record<string, unknown>,
  scope: Partial<FaultScope> = {},
): Promise<number> {
  const event = fault(0, null, kind, attributes, 0);
  if (event.do !== "fault") throw new Error("a fault is a fault");
  const active = faults[kind]
    .disturb(attributes)
    .flatMap((disturbance): ActiveDisturbance[] =>
      disturbance.on === "request"
        ? [{ timeline: 0, disturbance, scope: { ...event.fault.scope, instances: null, ...scope } }]
        : [],
    );
  return (await service([event], active)).port;
}

interface Heard {
  readonly status: number;
  readonly body: string;
  /** From the first byte of the request to the head of the answer, and to the end of its body. */
  readonly headMs: number;
  readonly endMs: number;
  /** Pieces in which the body came. */
  readonly pieces: number;
}

/** Asks with node:http; rejects as it does. */
function ask(port: number, key = 1, more: Readonly<Record<string, string>> = {}): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const headers = { ...HEADERS, "firebreak-key": key.toString(16).padStart(16, "0"), ...more };
    const request = http.request({ port, host: "127.0.0.1", method: "POST", path: "/handle", headers, agent: false });
    cleanUps.push(() => request.destroy());
    request.on("error", reject);
    request.on("response", (response) => {
      const headMs = performance.now() - startMs;
      const pieces: Buffer[] = [];
      response.on("error", reject);
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () =>
        resolve({
          status: response.statusCode!,
          body: Buffer.concat(pieces).toString(),
          headMs,
          endMs: performance.now() - startMs,
          pieces: pieces.length,
        }),
      );
    });
    request.end();
  });
}

/** A socket that has sent a request; `heard` is what came back so far. */
async function rawAsk(port: number): Promise<{ socket: net.Socket; heard: () => Buffer }> {
  const socket = net.connect(port, "127.0.0.1");
  cleanUps.push(() => socket.destroy());
  await once(socket, "connect");
  const pieces: Buffer[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  socket.write(RAW);
  return { socket, heard: () => Buffer.concat(pieces) };
}

const time = (ms: number) => ({ kind: "constant", ms }) as const;
const passes = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("latency: the answer is whole, and later by what was added", async () => {
  const { status, headMs } = await ask(await broken("latency", { add: time(150) }));
  expect(status).toBe(200);
  expect(headMs).toBeGreaterThanOrEqual(150);
});

test("error: the status is the fault's", async () => {
  expect(await ask(await broken("error", { status: 503 }))).toMatchObject({ status: 503, body: "{}" });
});

test("reset: the connection breaks with an RST, and nothing was said", async () => {
  const port = await broken("reset", { after: time(0) });
  const { socket, heard } = await rawAsk(port);
  const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNRESET");
  expect(heard().length).toBe(0);
  await expect(ask(port)).rejects.toMatchObject({ code: "ECONNRESET" });
});

test("reset on the way back: the work was done first, and the client cannot tell", async () => {
  const port = await broken("reset", { after: time(50) }, { direction: "response" });
  await expect(ask(port)).rejects.toMatchObject({ code: "ECONNRESET" });
});

test("hang: the connection is taken and stays open, and nothing ever comes", async () => {
  const { socket, heard } = await rawAsk(await broken("hang", {}));
  await passes(300);
  expect([heard().length, socket.readyState]).toEqual([0, "open"]);
});

test("slowBody: the head comes at once, the body in drops that take their time", async () => {
  const { status, body, headMs, endMs, pieces } = await ask(await broken("slowBody", { over: time(400) }));
  expect([status, JSON.parse(body)]).toEqual([200, {}]);
  expect(endMs).toBeGreaterThanOrEqual(400);
  // Twenty drops; however slow this machine is, the head does not wait for the last of them.
  expect(endMs - headMs).toBeGreaterThan(100);
  expect(pieces).toBeGreaterThan(3);
});

test("malformed: what comes is not HTTP, and the connection ends", async () => {
  const port = await broken("malformed", {});
  await expect(ask(port)).rejects.toMatchObject({ code: /^HPE_/ });
  const { socket, heard } = await rawAsk(port);
  await once(socket, "end");
  expect(heard().subarray(0, 5).toString("latin1")).not.toBe("HTTP/");
});

test("packetLoss: a lost packet is sent again, and its request is late by the timeouts", async () => {
  const port = await broken("packetLoss", { loss: 0.5, timeout: 40 }, { direction: "request" });
  const path = new InPath();
  const disturbance = { on: "request", do: "retransmit", loss: 0.5, timeoutMs: 40 } as const;
  path.set([{ timeline: 0, faultRow: 0, disturbance, share: 1, operation: -1, variant: -1 }]);
  const lateMs = (key: number): number => (path.hit(0, 0, key, 0, 0, -1, 0, () => {}) ? path.delayMs : 0);
  // The first whose packet is lost twice: 40 ms and 80 ms.
  let key = 0;
  while (lateMs(key) !== 120) key++;
  expect((await ask(port, key)).headMs).toBeGreaterThanOrEqual(120);
});

test("bandwidth: two requests at once share the link", async () => {
  const port = await broken("bandwidth", { rate: 100_000, message: 10_000 }, { direction: "request" });
  const both = await Promise.all([ask(port), ask(port)]);
  const [, second] = both.map(({ headMs }) => headMs).sort((a, b) => a - b);
  expect(second).toBeGreaterThanOrEqual(200);
});

test("the first requests only: those after them are as ever", async () => {
  const port = await broken("error", { status: 500 }, { requests: { first: 2 } });
  const statuses: number[] = [];
  for (let request = 0; request < 4; request++) statuses.push((await ask(port)).status);
  expect(statuses).toEqual([500, 500, 200, 200]);
});

test("by header: only who sends that header with that value meets the fault, and alone is counted", async () => {
  const port = await broken("error", { status: 500 }, { headers: 1, requests: { first: 2 } });
  const statusWith = async (headers: Record<string, string>): Promise<number> => (await ask(port, 1, headers)).status;
  expect(await statusWith({})).toBe(200);
  expect(await statusWith({ "x-tenant": "other" })).toBe(200);
  expect(await statusWith({ "X-Tenant": "acme" })).toBe(500);
  expect(await statusWith({})).toBe(200);
  expect(await statusWith({ "x-tenant": "acme" })).toBe(500);
  expect(await statusWith({ "x-tenant": "acme" })).toBe(200);
});

test("refuse: who connects is refused by the kernel, what is held is finished, and afterwards the port is the same", async () => {
  const { port, channel } = await service([], [], 100);
  const held = ask(port);
  await passes(50);
  channel.send({ do: "openPort", id: 0, isOpen: false });
  await passes(10);
  await expect(ask(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  expect((await held).status).toBe(200);
  channel.send({ do: "openPort", id: 0, isOpen: true });
  await passes(50);
  expect((await ask(port)).status).toBe(200);
});

test("refuse: a connection that was kept alive is of no use either", async () => {
  const { port, channel } = await service([], [], 100);
  const socket = net.connect(port, "127.0.0.1");
  cleanUps.push(() => socket.destroy());
  await once(socket, "connect");
  const pieces: Buffer[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  socket.write(RAW);
  await passes(50);
  channel.send({ do: "openPort", id: 0, isOpen: false });
  await once(socket, "end");
  expect(Buffer.concat(pieces).toString()).toMatch(/^HTTP\/1.1 200[\s\S]*connection: close/i);
});

test("pause and crash, on the way: a process that stands still takes connections and says nothing; a dead one resets them", async () => {
  const { port, channel } = await service([], [], 100);
  channel.send({ do: "pause", id: 0 });
  const { socket, heard } = await rawAsk(port);
  await passes(200);
  expect([heard().length, socket.readyState]).toEqual([0, "open"]);
  const broken = once(socket, "error");
  channel.send({ do: "kill", id: 0, isShared: true });
  expect(((await broken) as [NodeJS.ErrnoException])[0].code).toBe("ECONNRESET");
  await expect(ask(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("connectionLimit: who comes when every connection is taken is refused", async () => {
  const { port, channel } = await service([], [], 100);
  channel.send({ do: "order", id: 0, order: { do: "limitConnections", most: 1 } });
  const held = ask(port);
  await passes(40);
  expect((await ask(port)).status).toBe(503);
  expect((await held).status).toBe(200);
  channel.send({ do: "order", id: 0, order: { do: "limitConnections", most: null } });
  expect((await Promise.all([ask(port), ask(port)])).map(({ status }) => status)).toEqual([200, 200]);
});
