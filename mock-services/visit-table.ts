// The requests that one mock service holds: which HTTP response each visit of the actor will end in.
import type { ServerResponse } from "node:http";

interface HeldResponse {
  response: ServerResponse | null;
  /** The caller's payload, echoed with a success. */
  payload: Buffer | null;
  /** Grows each time the slot is used again: an answer for an earlier visit is recognised. */
  serial: number;
}

export class VisitTable {
  readonly #held: HeldResponse[] = [];
  readonly #free: number[] = [];

  /** Returns the slot under which the visit's return address is known. */
  open(response: ServerResponse, payload: Buffer | null): number {
    const slot = this.#free.pop() ?? this.#held.push({ response: null, payload: null, serial: 0 }) - 1;
    const held = this.#held[slot]!;
    held.response = response;
    held.payload = payload;
    held.serial++;
    return slot;
  }

  serialOf(slot: number): number {
    return this.#held[slot]!.serial;
  }

  isOpen(slot: number, serial: number): boolean {
    const held = this.#held[slot];
    return held?.serial === serial && held.response !== null;
  }

  /** Looks at the response without taking it out; null where it was answered or given up before. */
  peek(slot: number, serial: number): { response: ServerResponse; payload: Buffer | null } | null {
    const held = this.#held[slot];
    if (held?.serial !== serial || held.response === null) return null;
    return { response: held.response, payload: held.payload };
  }

  /** Takes the response out, once; null where it was answered or given up before. */
  close(slot: number, serial: number): { response: ServerResponse; payload: Buffer | null } | null {
    const open = this.peek(slot, serial);
    if (open === null) return null;
    const held = this.#held[slot]!;
    held.response = null;
    held.payload = null;
    this.#free.push(slot);
    return open;
  }
}
