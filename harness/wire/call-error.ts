// What a caller concludes from the way a call broke: undici's and the kernel's errors as causes.
import { CONNECTION_RESET, ERROR, REFUSED, TIMEOUT } from "../model/outcome.ts";

/** Measured with undici 8; by `code` where there is one, else by `name`. */
const CAUSE_OF: Readonly<Record<string, number>> = {
  /** The socket was reset before the answer came. */
  ECONNRESET: CONNECTION_RESET,
  /** The other side closed the socket: what a SIGKILL in mid-flight looks like. */
  UND_ERR_SOCKET: CONNECTION_RESET,
  EPIPE: CONNECTION_RESET,
  /** Nobody listens there (any more). */
  ECONNREFUSED: REFUSED,
  UND_ERR_CLOSED: REFUSED,
  UND_ERR_DESTROYED: REFUSED,
  /** undici's own timeouts fire up to a second late. They only stand behind ours. */
  UND_ERR_HEADERS_TIMEOUT: TIMEOUT,
  UND_ERR_BODY_TIMEOUT: TIMEOUT,
  /** The accept queue is full, as with a stopped process under load. */
  UND_ERR_CONNECT_TIMEOUT: TIMEOUT,
  ETIMEDOUT: TIMEOUT,
  /** Garbage instead of HTTP. This one carries an llhttp code of many kinds or none: its name identifies it. */
  HTTPParserError: ERROR,
};

/** The cause, an index into CAUSES, for which a call that ended in this error counts. */
export function causeOfCallError(error: Error): number {
  const { code } = error as { code?: unknown };
  const byCode = typeof code === "string" ? CAUSE_OF[code] : undefined;
  return byCode ?? CAUSE_OF[error.name] ?? ERROR;
}
