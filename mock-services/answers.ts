// What one mock service says to those who asked it: whole answers, dripping ones, broken connections, and bytes that are
// not HTTP.
import { GARBLE } from "../harness/faults/fate.ts";
import { CONNECTION_RESET, OK } from "../harness/model/outcome.ts";
import { OUTCOME, writeAnswerHead } from "../harness/wire/headers.ts";
import type { AnswerHead } from "../harness/wire/headers.ts";
import { DrippingBody } from "./dripping-body.ts";
import { VisitTable } from "./visit-table.ts";

const EMPTY = Buffer.from("{}");
/** The head of a TLS alert: what a plain-text client hears from the wrong port. */
const GARBAGE = Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]);

export class Answers {
  readonly visits = new VisitTable();
  /** Bodies that are being sent drop by drop, by slot of the visit. */
  readonly #bodies = new Map<number, DrippingBody>();
  readonly #isPortOpen: () => boolean;

  constructor(isPortOpen: () => boolean) {
    this.#isPortOpen = isPortOpen;
  }

  /** Ends a visit's answer. */
  respond(slot: number, serial: number, status: number, head: AnswerHead): void {
    const held = this.visits.close(slot, serial);
    if (held === null) return;
    const { response, payload } = held;
    const body = this.#bodies.get(slot);
    this.#bodies.delete(slot);
    if (response.destroyed) return;
    // An answer that is a broken connection, told by a machine: break it.
    if (head.cause === CONNECTION_RESET && status === 0) return void response.socket?.resetAndDestroy();
    // Not HTTP: written past the response, whose socket is of no use afterwards.
    if (status === GARBLE) return void response.socket?.end(GARBAGE);
    if (body !== undefined) return body.finish();
    const whole = bodyOf(head, payload);
    response.sendDate = false;
    if (!this.#isPortOpen()) response.shouldKeepAlive = false;
    response.writeHead(status, [...headersOf(head), "content-length", String(whole.length)]);
    response.end(whole);
  }

  /** Begins a visit's answer; `respond` ends it. */
  drip(slot: number, serial: number, status: number, head: AnswerHead, forMs: number): void {
    const held = this.visits.peek(slot, serial);
    if (held === null || held.response.destroyed) return;
    const whole = bodyOf(head, held.payload);
    this.#bodies.set(slot, new DrippingBody(held.response, status, headersOf(head), whole, forMs));
  }

  /** Who asked has gone. */
  giveUp(slot: number, serial: number): void {
    this.visits.close(slot, serial);
    this.#bodies.delete(slot);
  }
}

function bodyOf({ cause }: AnswerHead, payload: Buffer | null): Buffer {
  return cause === OK && payload !== null ? payload : EMPTY;
}

/** Names and values in turn. */
function headersOf(head: AnswerHead): string[] {
  return [OUTCOME, writeAnswerHead(head), "content-type", "application/json"];
}
