// What real sockets do to real undici calls, and what we make of it.
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { Pool } from "undici";
import { afterEach, expect, test } from "vitest";
import { CAUSES, CONNECTION_RESET, ERROR, REFUSED, TIMEOUT } from "../../harness/model/outcome.ts";
import { causeOfCallError } from "../../harness/wire/call-error.ts";
import { originOf } from "../../harness/wire/address-book.ts";

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function serve(onData: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => onData(socket));
    cleanUps.push(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function failureOf(port: number, options: Pool.Options = {}): Promise<Error> {
  const pool = new Pool(originOf(port), options);
  cleanUps.push(() => void pool.destroy());
  return new Promise((resolve, reject) => {
    pool.dispatch(
      { path: "/", method: "POST" },
      {
        onRequestStart: () => {},
        onResponseStart: () => {},
        onResponseData: () => {},
        onResponseEnd: () => reject(new Error("the call succeeded")),
        onResponseError: (_controller, error) => resolve(error),
      },
    );
  });
}

const causeOf = async (port: number, options?: Pool.Options): Promise<string> =>
  CAUSES[causeOfCallError(await failureOf(port, options))]!;

test("a reset before the answer is a reset connection", async () => {
  const port = await serve((socket) => socket.resetAndDestroy());
  expect(await causeOf(port)).toBe(CAUSES[CONNECTION_RESET]);
});

test("a socket that closes without an answer is a reset connection", async () => {
  const port = await serve((socket) => socket.end());
  expect(await causeOf(port)).toBe(CAUSES[CONNECTION_RESET]);
});

test("a socket that closes in the middle of the answer is a reset connection", async () => {
  const port = await serve((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"));
  expect(await causeOf(port)).toBe(CAUSES[CONNECTION_RESET]);
});

test("nobody listening is a refusal", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(await causeOf(port)).toBe(CAUSES[REFUSED]);
});

test("garbage instead of HTTP is an error", async () => {
  const port = await serve((socket) => socket.write("¡no soy HTTP!\r\n\r\n"));
  expect(await causeOf(port)).toBe(CAUSES[ERROR]);
});

test("the backstop behind our own timeouts is a timeout", async () => {
  const port = await serve(() => {});
  expect(await causeOf(port, { headersTimeout: 100 })).toBe(CAUSES[TIMEOUT]);
});

test("an error that nobody has seen before is an error", () => {
  expect(causeOfCallError(new Error("?"))).toBe(ERROR);
});
