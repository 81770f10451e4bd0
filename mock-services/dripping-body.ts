// An answer whose body comes in drops: the head is out at once, the last drop waits until the answer is due.
import type { ServerResponse } from "node:http";

/** Drops of a body, however long it takes. */
const DROPS = 20;

export class DrippingBody {
  readonly #response: ServerResponse;
  readonly #body: Buffer;
  readonly #timer: NodeJS.Timeout;
  #sent = 0;

  /** Sends the head, with the length of a body of at least one byte a drop: white space before a JSON text is no part of it. */
  constructor(response: ServerResponse, status: number, headers: readonly string[], body: Buffer, forMs: number) {
    this.#response = response;
    this.#body = body.length >= DROPS ? body : Buffer.concat([Buffer.alloc(DROPS - body.length, " "), body]);
    response.sendDate = false;
    response.writeHead(status, [...headers, "content-length", String(this.#body.length)]);
    response.flushHeaders();
    this.#timer = setInterval(() => this.#drop(), forMs / DROPS);
    response.on("close", () => clearInterval(this.#timer));
  }

  /** Sends what is left. */
  finish(): void {
    clearInterval(this.#timer);
    this.#response.end(this.#body.subarray(this.#sent));
  }

  #drop(): void {
    const end = this.#sent + Math.floor(this.#body.length / DROPS);
    // The last drop is for `finish`, however late it comes.
    if (end >= this.#body.length) return;
    this.#response.write(this.#body.subarray(this.#sent, end));
    this.#sent = end;
  }
}
