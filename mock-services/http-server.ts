// The HTTP side of one mock service: a fastify app on a loopback port that the kernel chose.
import type { Socket } from "node:net";
import fastify from "fastify";
import type { FastifyReply, FastifyRequest } from "fastify";
import { assert } from "../harness/core/assert.ts";
import { LOOPBACK } from "../harness/wire/address-book.ts";

/**
 * Connections that may wait to be accepted. With Node's 511 a service that stood still for seconds would never hear of
 * some of its requests: they would be lost in the kernel, which `sim` does not have. The kernel may allow fewer.
 */
const BACKLOG = 4096;
/** While a port was closed by a fault, the kernel may have lent it to somebody. */
const TRY_AGAIN_MS = 20;
/** Payloads are a few hundred bytes; anything much larger is not ours. */
const LARGEST_BODY = 64 * 1024;

export interface HttpServerOptions {
  /** Operation names: `POST /<operation>` each. */
  readonly operations: readonly string[];
  /** A request for an operation by index; the reply is hijacked already. */
  readonly onRequest: (operation: number, request: FastifyRequest, reply: FastifyReply) => void;
  readonly health: () => object;
}

export class HttpServer {
  readonly port: number;
  readonly #app: ReturnType<typeof fastify>;
  readonly #sockets: Set<Socket>;
  /** It shall listen; while another program has its port, it tries again. */
  #isWanted = true;

  private constructor(app: ReturnType<typeof fastify>, sockets: Set<Socket>, port: number) {
    this.#app = app;
    this.#sockets = sockets;
    this.port = port;
    app.server.on("error", () => {
      if (this.#isWanted) setTimeout(() => this.#isWanted && this.open(), TRY_AGAIN_MS).unref();
    });
  }

  /** Resolves when the port is open. Rejects with the system's error where it cannot be opened. */
  static async listen({ operations, onRequest, health }: HttpServerOptions): Promise<HttpServer> {
    const app = fastify({ logger: false, bodyLimit: LARGEST_BODY, forceCloseConnections: true });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    app.get("/health", () => health());
    operations.forEach((name, operation) => {
      app.post(`/${encodeURIComponent(name)}`, (request, reply) => {
        reply.hijack();
        onRequest(operation, request, reply);
      });
    });
    const sockets = new Set<Socket>();
    app.server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    });
    // A process that stood still must find its connections as it left them, so the server's own timeouts are off.
    app.server.headersTimeout = 0;
    app.server.keepAliveTimeout = 0;
    await app.listen({ host: LOOPBACK, port: 0, backlog: BACKLOG });
    const address = app.server.address();
    assert(typeof address === "object" && address !== null, "a listening server has an address");
    return new HttpServer(app, sockets, address.port);
  }

  get isOpen(): boolean {
    return this.#isWanted;
  }

  /** Nobody listens any more: whoever connects is refused. Requests under way are finished, idle connections end. */
  refuse(): void {
    if (!this.#app.server.listening) return;
    this.#isWanted = false;
    this.#app.server.close();
    this.#app.server.closeIdleConnections();
  }

  /** Listens again at the same port, as soon as nobody else has it. */
  open(): void {
    this.#isWanted = true;
    if (!this.#app.server.listening) this.#app.server.listen({ host: LOOPBACK, port: this.port, backlog: BACKLOG });
  }

  /** What a killed process does to its peers: every connection is reset, the port refuses. */
  kill(): void {
    this.#isWanted = false;
    this.#app.server.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.kill();
    await this.#app.close();
  }
}
