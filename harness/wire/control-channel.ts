// A two-way stream of JSON lines between the supervisor and a process of its fleet, or between two halves of
// one process (`inline`), where messages still arrive later and as copies.
import type { Duplex } from "node:stream";
import { assert } from "../core/assert.ts";

export interface ControlChannel<Sent, Received> {
  send(message: Sent): void;
  /** Called for each message; messages that came before are kept for it. */
  onMessage(handle: (message: Received) => void): void;
  /** The other side is gone. */
  onClose(handle: () => void): void;
  close(): void;
}

/** A message longer than this is a bug; the plan of the largest allowed topology is far below. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** Over an inherited pipe. JSON never holds a raw line feed, so a line is a message. */
export function pipeChannel<Sent, Received>(pipe: Duplex): ControlChannel<Sent, Received> {
  let handle: ((message: Received) => void) | null = null;
  let onClose: (() => void) | null = null;
  let isClosed = false;
  let partial: string[] = [];
  let partialLength = 0;
  const early: Received[] = [];
  const closed = (): void => {
    if (isClosed) return;
    isClosed = true;
    onClose?.();
  };
  pipe.setEncoding("utf8");
  pipe.on("data", (chunk: string) => {
    const lines = chunk.split("\n");
    for (let line = 0; line < lines.length; line++) {
      partial.push(lines[line]!);
      partialLength += lines[line]!.length;
      assert(partialLength <= LONGEST_LINE, "a control message must have an end");
      if (line === lines.length - 1) break;
      const message = JSON.parse(partial.join("")) as Received;
      partial = [];
      partialLength = 0;
      if (handle === null) early.push(message);
      else handle(message);
    }
  });
  // A killed process ends its pipe with an error as often as with an end: both only mean that it is gone.
  pipe.on("error", closed);
  pipe.on("end", closed);
  pipe.on("close", closed);
  return {
    send(message) {
      if (!isClosed && pipe.writable) pipe.write(`${JSON.stringify(message)}\n`);
    },
    onMessage(given) {
      handle = given;
      for (const message of early.splice(0)) given(message);
    },
    onClose(given) {
      onClose = given;
      if (isClosed) queueMicrotask(given);
    },
    close() {
      pipe.end();
      pipe.destroy();
    },
  };
}

/** Two ends within one process. Each message is copied and delivered later, as a pipe would. */
export function channelPair<A, B>(): [ControlChannel<A, B>, ControlChannel<B, A>] {
  const left = new PairEnd<A, B>();
  const right = new PairEnd<B, A>();
  left.other = right;
  right.other = left;
  return [left, right];
}

class PairEnd<Sent, Received> implements ControlChannel<Sent, Received> {
  other: PairEnd<Received, Sent> | null = null;
  #handle: ((message: Received) => void) | null = null;
  #onClose: (() => void) | null = null;
  #isClosed = false;
  readonly #early: string[] = [];

  send(message: Sent): void {
    if (this.#isClosed) return;
    const copy = JSON.stringify(message);
    queueMicrotask(() => this.other?.deliver(copy));
  }
  deliver(copy: string): void {
    if (this.#isClosed) return;
    if (this.#handle === null) this.#early.push(copy);
    else this.#handle(JSON.parse(copy) as Received);
  }
  onMessage(handle: (message: Received) => void): void {
    this.#handle = handle;
    for (const copy of this.#early.splice(0)) handle(JSON.parse(copy) as Received);
  }
  onClose(handle: () => void): void {
    this.#onClose = handle;
  }
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const other = this.other;
    queueMicrotask(() => other?.closedByOther());
  }
  closedByOther(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose?.();
  }
}
