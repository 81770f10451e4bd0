// One process's worth of mock services, spoken to over HTTP and commanded over its control channel.
import { Pool } from "undici";
import type { Dispatcher } from "undici";
import { afterEach, expect, test } from "vitest";
import { ERROR, OK, REFUSED } from "../../harness/model/outcome.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { SERVICE } from "../../harness/signals/columns.ts";
import { originOf } from "../../harness/wire/address-book.ts";
import { channelPair } from "../../harness/wire/control-channel.ts";
import { CONTROL_PROTOCOL } from "../../harness/wire/control-message.ts";
import type { Command, Report } from "../../harness/wire/control-message.ts";
import { OUTCOME, readAnswerHead, writeRequestHead } from "../../harness/wire/headers.ts";
import { monotonicMs } from "../../harness/wire/run-clock.ts";
import { ServiceHost } from "../../mock-services/service-host.ts";
import { constant, oneTier, variant, work } from "../live/small-plan.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function hostOf(plan: Plan) {
  const [channel, theirs] = channelPair<Command, Report>();
  const reports: Report[] = [];
  let heard = (): void => {};
  channel.onMessage((report) => {
    reports.push(report);
    heard();
  });
  const host = new ServiceHost(theirs, () => {});
  cleanUps.push(() => host.abort());
  const next = <R extends Report["report"]>(kind: R): Promise<Extract<Report, { report: R }>> =>
    new Promise((resolve) => {
      heard = () => {
        const found = reports.findIndex(({ report }) => report === kind);
        if (found >= 0) resolve(reports.splice(found, 1)[0] as Extract<Report, { report: R }>);
      };
      heard();
    });
  const instance = { id: 0, generation: 0, service: 0, variant: 0, zone: 0 };
  channel.send({ do: "setup", protocol: CONTROL_PROTOCOL, plan });
  channel.send({ do: "listen", instance, ordinal: 0 });
  const { port } = await next("listening");
  const pool = new Pool(originOf(port), { pipelining: 1 });
  cleanUps.push(() => pool.destroy());
  channel.send({ do: "begin", originMs: monotonicMs(), loopbackMs: 0 });
  return { channel, next, reports, port, pool };
}

const HEAD = {
  target: 0,
  generation: 0,
  keyHigh: 1,
  keyLow: 2,
  user: 3,
  item: 0,
  criticality: 1,
  headers: 0,
  depth: 0,
  arrivesMs: NaN,
  remainingMs: Infinity,
};

async function post(pool: Pool, changes: Partial<typeof HEAD> = {}, body = "{}") {
  const headers = [...writeRequestHead({ ...HEAD, ...changes }), "content-type", "application/json"];
  const answer: Dispatcher.ResponseData = await pool.request({ path: "/handle", method: "POST", headers, body });
  const outcome = answer.headers[OUTCOME] as string | undefined;
  return {
    status: answer.statusCode,
    head: readAnswerHead(answer.statusCode, outcome, 0),
    body: await answer.body.text(),
  };
}

const quick = oneTier(variant([work(constant(1))]), 1);

test("a success echoes the payload and says which service was slowest", async () => {
  const { pool } = await hostOf(quick);
  const payload = JSON.stringify({ id: "7", artist: "Ä" });
  const { status, head, body } = await post(pool, {}, payload);
  expect(status).toBe(200);
  expect(head).toMatchObject({ cause: OK, isDegraded: false, slowService: 0 });
  expect(head.slowOwnUs).toBeGreaterThanOrEqual(1_000);
  expect(body).toBe(payload);
});

test("a version's errors are real statuses with a cause and an origin", async () => {
  const failing = variant([], { errors: [{ share: 1, cause: "error", status: 502, operation: null, site: 9 }] });
  const { pool } = await hostOf(oneTier(failing, 1));
  const { status, head } = await post(pool);
  expect(status).toBe(502);
  expect(head).toMatchObject({ cause: ERROR, originService: 0, originCause: ERROR });
});

test("a stranger's request is a bad request, one for another life of the instance is refused, both uncounted", async () => {
  const { pool, channel, next } = await hostOf(quick);
  const stranger = await pool.request({ path: "/handle", method: "POST" });
  await stranger.body.dump();
  expect(stranger.statusCode).toBe(400);
  expect((await post(pool, { generation: 1 })).head.cause).toBe(REFUSED);
  expect((await post(pool, { target: 5 })).head.cause).toBe(REFUSED);
  channel.send({ do: "finish" });
  expect((await next("bucket")).bucket.services).toEqual([]);
});

test("the health page says who is there", async () => {
  const { pool } = await hostOf(quick);
  const { body } = await pool.request({ path: "/health", method: "GET" });
  expect(await body.json()).toMatchObject({ service: "only", id: 0, generation: 0, isRunning: true });
});

test("while it stands still nothing is answered, and afterwards everything is", async () => {
  const { pool, channel, next } = await hostOf(quick);
  await post(pool);
  channel.send({ do: "pause", id: 0 });
  await next("paused");
  let isAnswered = false;
  const held = post(pool).then((answer) => {
    isAnswered = true;
    return answer;
  });
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(isAnswered).toBe(false);
  channel.send({ do: "resume", id: 0 });
  expect((await held).head.cause).toBe(OK);
});

test("what it holds is finished when it is stopped, and what is new is refused", async () => {
  const { pool, channel, next } = await hostOf(oneTier(variant([work(constant(120))]), 1));
  const held = post(pool);
  await new Promise((resolve) => setTimeout(resolve, 40));
  channel.send({ do: "stop", id: 0 });
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect((await post(pool)).head.cause).toBe(REFUSED);
  await next("drained");
  expect((await held).head.cause).toBe(OK);
});

test("killed, it breaks every connection after telling its last numbers", async () => {
  const { pool, channel, next } = await hostOf(oneTier(variant([work(constant(5_000))]), 1));
  const held = post(pool).catch((error: Error & { code?: string }) => error.code);
  await new Promise((resolve) => setTimeout(resolve, 50));
  channel.send({ do: "kill", id: 0, isShared: true });
  await next("dying");
  expect(["ECONNRESET", "UND_ERR_SOCKET"]).toContain(await held);
  const row = (await next("bucket")).bucket.services[0]!;
  expect(row.slice(1, 3)).toEqual([SERVICE.arrived, 1]);
  expect(row[row.indexOf(SERVICE.crashes, 1) + 1]).toBe(1);
  await expect(post(pool)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

const INSTANCE = { id: 0, generation: 0, service: 0, variant: 0, zone: 0 };
const openPorts = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "TCPServerWrap").length;

test("killed before its port is open, it opens none", async () => {
  const before = openPorts();
  const [channel, theirs] = channelPair<Command, Report>();
  const reports: string[] = [];
  channel.onMessage(({ report }) => reports.push(report));
  const host = new ServiceHost(theirs, () => {});
  cleanUps.push(() => host.abort());
  channel.send({ do: "setup", protocol: CONTROL_PROTOCOL, plan: quick });
  channel.send({ do: "listen", instance: INSTANCE, ordinal: 0 });
  channel.send({ do: "kill", id: 0, isShared: true });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(reports).toEqual(["ready", "dying"]);
  expect(openPorts()).toBe(before);
});

test("a host that is ended while a port is being opened ends when that is closed again", async () => {
  const before = openPorts();
  const [channel, theirs] = channelPair<Command, Report>();
  const host = new ServiceHost(theirs, () => {});
  channel.send({ do: "setup", protocol: CONTROL_PROTOCOL, plan: quick });
  channel.send({ do: "listen", instance: INSTANCE, ordinal: 0 });
  await new Promise((resolve) => queueMicrotask(() => queueMicrotask(() => resolve(undefined))));
  await host.abort();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(openPorts()).toBe(before);
});

test("a bucket closes at its end, with the integrals of the whole second", async () => {
  const { channel, next } = await hostOf(quick);
  channel.send({ do: "ready", id: 0 });
  const { bucket, isPartial } = await next("bucket");
  expect(isPartial).toBe(false);
  expect(bucket.index).toBe(0);
  const row = bucket.services[0]!;
  const readyMs = row[row.indexOf(SERVICE.readyMs, 1) + 1]!;
  expect(readyMs).toBeGreaterThan(900);
  expect(readyMs).toBeLessThanOrEqual(1_000);
});
