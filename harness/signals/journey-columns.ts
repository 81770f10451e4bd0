// Journey columns, at the user.
import { CAUSE_COUNT } from "../model/outcome.ts";

/** Requests sent. */
export const sent = 0;
export const ended = 1;
export const degraded = 2;
/** Sum of latencies of completed requests (outcomes ok, slow, error and wrong), from the intended send time. */
export const latencyMs = 3;
/** Users of the load that were seen for the first time since the end of the warm-up. */
export const newUsers = 4;
/** First of CAUSE_COUNT: requests ended, by outcome; index 0 is good. */
export const outcome = 5;
/** On the row of the journey that begins a load's sessions: integrals of its clients with a session, and of all. */
export const connectedMs = 5 + CAUSE_COUNT;
export const clientsMs = 6 + CAUSE_COUNT;
