// What a fault makes of a request in its path, besides holding it up: one small number, so that the tables of requests
// can carry it while the request is held.
import { CONNECTION_RESET, ERROR, NO_HEALTHY_HOST } from "../model/outcome.ts";

/** It passes. Positive numbers are HTTP statuses: it is answered with that error. */
export const PASS = 0;
/** Its connection is reset. */
export const RESET = -1;
/** Nothing answers, ever: the caller waits until it gives up. */
export const HANG = -2;
/** What comes back is not HTTP. */
export const GARBLE = -3;
/** The callee's name leads to no address. */
export const UNRESOLVED = -4;

/** What a caller takes it for (an index into CAUSES); of HANG it hears nothing. */
export function causeOfFate(fate: number): number {
  if (fate === RESET) return CONNECTION_RESET;
  return fate === UNRESOLVED ? NO_HEALTHY_HOST : ERROR;
}

/** What stands in the place of an HTTP status where an instance answers with this fate: none for a reset. */
export function statusOfFate(fate: number): number {
  return fate === RESET ? 0 : fate;
}
