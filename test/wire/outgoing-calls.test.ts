// Calls between a caller without machines and a real mock-service port: what arrives, when, and what is told.
import type { FastifyReply, FastifyRequest } from "fastify";
import { afterEach, expect, test } from "vitest";
import { CONNECTION_RESET, OK, REFUSED } from "../../harness/model/outcome.ts";
import { CallTable } from "../../harness/policies/call-table.ts";
import { AddressBook } from "../../harness/wire/address-book.ts";
import { Agenda } from "../../harness/wire/agenda.ts";
import { OUTCOME, readRequestHead, writeAnswerHead } from "../../harness/wire/headers.ts";
import { OutgoingCalls } from "../../harness/wire/outgoing-calls.ts";
import { monotonicMs, RunClock } from "../../harness/wire/run-clock.ts";
import { timerAlarm } from "../../harness/wire/timer-alarm.ts";
import { HttpServer } from "../../mock-services/http-server.ts";
import { twoTiers } from "../live/small-plan.ts";

interface Answer {
  readonly nowMs: number;
  readonly attempt: number;
  readonly serial: number;
  readonly cause: number;
  readonly origin: number;
}

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const CALLEE = { id: 4, generation: 2, service: 1, zone: 1 };

async function callerOf(
  onRequest: (request: FastifyRequest, reply: FastifyReply) => void,
  { oneWayMs = 0, port = -1 }: { oneWayMs?: number; port?: number } = {},
) {
  const server = await HttpServer.listen({
    operations: ["handle"],
    onRequest: (_operation, request, reply) => onRequest(request, reply),
    health: () => ({}),
  });
  cleanUps.push(() => server.close());
  const clock = new RunClock(monotonicMs());
  const agenda = new Agenda({ clock, alarm: timerAlarm(clock), earlyMs: 0.5, onStall: () => {} });
  cleanUps.push(() => agenda.close());
  const book = new AddressBook();
  book.add([{ ...CALLEE, port: port < 0 ? server.port : port }]);
  const headers = ["acme", "other"].map((value) => ({ name: "x-tenant", value }));
  const plan = twoTiers({ zones: ["here", "there"], networkMs: [[0, oneWayMs], [oneWayMs, 0]], headers }); // prettier-ignore
  const answers: Answer[] = [];
  let heard = (): void => {};
  const entry = agenda.add({ nextWakeup: () => Infinity, wake: () => {} });
  const calls = new OutgoingCalls({
    plan,
    clock,
    agenda,
    book,
    zone: 0,
    loopbackMs: 0,
    payloadOf: null,
    answered: (nowMs, attempt, serial, cause, _isDegraded, origin) => {
      answers.push({ nowMs, attempt, serial, cause, origin });
      heard();
    },
    entry: () => entry,
    mayLeave: null,
  });
  cleanUps.push(() => calls.destroy());
  const table = new CallTable();
  const send = (changes: { generation?: number; deadlineMs?: number; headers?: number } = {}): number => {
    const slot = table.allocate();
    table.target[slot] = CALLEE.id;
    table.generation[slot] = changes.generation ?? CALLEE.generation;
    table.deadlineMs[slot] = changes.deadlineMs ?? Infinity;
    table.headers[slot] = changes.headers ?? 0;
    agenda.message(() => calls.send(table, slot));
    return slot;
  };
  const answered = (count: number): Promise<void> =>
    new Promise((resolve) => {
      heard = () => void (answers.length >= count && resolve());
      heard();
    });
  return { clock, agenda, book, table, calls, send, answers, answered, server };
}

function succeed(_request: FastifyRequest, reply: FastifyReply): void {
  const head = { cause: OK, isDegraded: false, originService: -1, originCause: 0, slowService: 1, slowOwnUs: 5 };
  reply.raw.writeHead(200, { [OUTCOME]: writeAnswerHead(head) });
  reply.raw.end("{}");
}

test("a call is answered once, under its serial", async () => {
  const { send, answers, answered, calls } = await callerOf(succeed);
  const slot = send();
  await answered(1);
  expect(answers).toMatchObject([{ attempt: slot, serial: 0, cause: OK }]);
  expect(calls.inFlight).toBe(0);
});

test("network delay is added in both directions, accurately", async () => {
  const arrivals: number[] = [];
  const caller = await callerOf(
    (request, reply) => {
      arrivals.push(monotonicMs());
      succeed(request, reply);
    },
    { oneWayMs: 20 },
  );
  const { send, answers, answered, clock } = caller;
  const [outMs, totalMs]: [number[], number[]] = [[], []];
  for (let call = 1; call <= 40; call++) {
    const sentMs = clock.nowMs();
    send();
    await answered(call);
    outMs.push(arrivals[call - 1]! - clock.originMs - sentMs);
    totalMs.push(answers[call - 1]!.nowMs - sentMs);
  }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
  // Measured on an idle machine: +0.5 and +1 ms, a loopback round trip included; the rest is room for a busy one.
  expect(median(outMs)).toBeGreaterThan(19.4);
  expect(median(outMs)).toBeLessThan(24);
  expect(median(totalMs)).toBeGreaterThan(39);
  expect(median(totalMs)).toBeLessThan(46);
});

test("the time left travels, and what is left of it at the callee counts", async () => {
  const remaining: number[] = [];
  const { send, answered, clock } = await callerOf((request, reply) => {
    remaining.push(readRequestHead(request.headers)!.remainingMs);
    succeed(request, reply);
  });
  send({ deadlineMs: clock.nowMs() + 500 });
  send();
  await answered(2);
  remaining.sort((a, b) => a - b);
  expect(remaining[0]).toBeLessThanOrEqual(500);
  expect(remaining[0]).toBeGreaterThan(400);
  expect(remaining[1]).toBe(Infinity);
});

test("what a request carries leaves as headers of HTTP", async () => {
  const tenants: unknown[] = [];
  const { send, answered } = await callerOf((request, reply) => {
    tenants.push(request.headers["x-tenant"]);
    succeed(request, reply);
  });
  for (const [sent, headers] of [2, 0, 1].entries()) {
    send({ headers });
    await answered(sent + 1);
  }
  expect(tenants).toEqual(["other", undefined, "acme"]);
});

test("an abandoned call is never answered, and its callee sees the socket close", async () => {
  const closed = Promise.withResolvers<void>();
  const caller = await callerOf((_request, reply) => {
    reply.raw.on("close", () => closed.resolve());
    agenda.message(() => {
      table.abandonedSerial[slot] = table.serial[slot]!;
      calls.abandon(table, slot);
    });
  });
  const { agenda, table, calls, send, answers } = caller;
  const slot = send();
  await closed.promise;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(answers).toEqual([]);
  expect(calls.inFlight).toBe(0);
});

test("a call to an earlier life of an instance, or to one that nobody knows, is refused", async () => {
  const { table, send, answers, answered, agenda, calls } = await callerOf(succeed);
  send({ generation: CALLEE.generation - 1 });
  await answered(1);
  expect(answers).toMatchObject([{ cause: REFUSED, origin: CALLEE.service }]);
  const slot = table.allocate();
  table.target[slot] = 99;
  agenda.message(() => calls.send(table, slot));
  await answered(2);
  expect(answers[1]).toMatchObject({ cause: REFUSED });
});

test("a refusal at the callee's door takes the way there and the way back", async () => {
  const { send, answers, answered, clock } = await callerOf(succeed, { oneWayMs: 20 });
  const sentMs = clock.nowMs();
  send({ generation: CALLEE.generation - 1 });
  await answered(1);
  expect(answers[0]!.cause).toBe(REFUSED);
  expect(answers[0]!.nowMs - sentMs).toBeGreaterThanOrEqual(40);
});

test("a refusal is told when it happened, before what is due after it", async () => {
  const { table, agenda, calls, answers, clock } = await callerOf(succeed);
  const slot = table.allocate();
  table.target[slot] = 99;
  const dueMs = clock.nowMs() + 1;
  let answeredBefore = -1;
  agenda.at(dueMs, () => calls.send(table, slot));
  agenda.at(dueMs + 0.5, () => (answeredBefore = answers.length));
  while (clock.nowMs() < dueMs + 1);
  agenda.catchUp();
  expect(answeredBefore).toBe(1);
  expect(answers).toMatchObject([{ nowMs: dueMs, cause: REFUSED }]);
});

test("a killed callee resets what it held and refuses what is new", async () => {
  const { send, answers, answered, server } = await callerOf(() => server.kill());
  send();
  await answered(1);
  send();
  await answered(2);
  expect(answers.map(({ cause }) => cause)).toEqual([CONNECTION_RESET, REFUSED]);
  expect(answers.map(({ origin }) => origin)).toEqual([CALLEE.service, CALLEE.service]);
});
