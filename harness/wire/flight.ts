// One attempt on the wire, as the handler that undici calls back: ends in exactly one `landed`, or was cut.
import type { Dispatcher } from "undici";
import { causeOfCallError } from "./call-error.ts";
import { failureHead, OUTCOME, readAnswerHead } from "./headers.ts";
import type { AnswerHead } from "./headers.ts";

/** Told once of a flight that is still awaited: its answer (or failure) has physically come. */
export type Landed = (flight: Flight, head: AnswerHead) => void;

export class Flight implements Dispatcher.DispatchHandler {
  readonly attempt: number;
  readonly serial: number;
  /** Service index of the callee, −1 where it is not known any more. */
  readonly service: number;
  /** Injected delay of the request and of its answer. */
  outMs = 0;
  returnMs = 0;
  /** The caller still waits for it. */
  isAwaited = true;
  readonly #landed: Landed;
  #controller: Dispatcher.DispatchController | null = null;
  #head: AnswerHead | null = null;
  #isOver = false;
  #isCut = false;

  constructor(landed: Landed, attempt: number, serial: number, service: number) {
    this.#landed = landed;
    this.attempt = attempt;
    this.serial = serial;
    this.service = service;
  }

  /** Destroys the request: the callee sees its socket close. */
  cut(): void {
    this.#isCut = true;
    if (!this.#isOver) this.#controller?.abort(new Error("abandoned by the caller"));
  }

  land(head: AnswerHead): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.isAwaited) this.#landed(this, head);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Cut while it still waited for its connection.
    if (this.#isCut) controller.abort(new Error("abandoned by the caller"));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const outcome = headers[OUTCOME];
    this.#head = readAnswerHead(status, typeof outcome === "string" ? outcome : undefined, this.service);
  }

  onResponseData(): void {
    // The echo of the payload is read and let go.
  }

  onResponseEnd(): void {
    if (this.#head !== null) this.land(this.#head);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.land(failureHead(causeOfCallError(error), this.service));
  }
}
