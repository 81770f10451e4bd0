// How an actor's messages leave it. The sim implements this by scheduling arrivals, live by HTTP.
// Implementations never call back into an actor synchronously.
import type { Caller } from "./caller.ts";

export interface Transport {
  /**
   * An attempt leaves its caller. Everything the message carries stands in the caller's attempt arrays
   * (`caller.target[attempt]`, `.generation`, `.operation`, `.keyHigh`, `.keyLow`, `.user`, `.depth`,
   * `.deadlineMs`, `.serial`). The engine answers with `answered(now, attempt, serial, …)`; an answer with
   * an old serial is ignored.
   */
  send(caller: Caller, attempt: number): void;
  /** The caller no longer waits for this attempt (it timed out or was cancelled): tell the callee, if it can be told. */
  abandon(caller: Caller, attempt: number): void;
  /**
   * A visit ended. The first three numbers are the return address that the engine gave to `receive`.
   * `cause` is an index into CAUSES; for a bad one, `originService` and `originCause` say where it began.
   * `slowService` is the service with the largest own time on the way, `slowOwnUs` that time in microseconds.
   * `status` is an HTTP status (200 for a success).
   */
  answer(
    returnActor: number,
    returnAttempt: number,
    returnSerial: number,
    cause: number,
    status: number,
    isDegraded: boolean,
    originService: number,
    originCause: number,
    slowService: number,
    slowOwnUs: number,
  ): void;
  /**
   * A visit's answer begins: its status and its head leave now, its body in drops over `forMs`, at whose end `answer`
   * follows with the same numbers. Absent where an answer comes as a whole.
   */
  drip?(
    returnActor: number,
    returnAttempt: number,
    returnSerial: number,
    cause: number,
    status: number,
    isDegraded: boolean,
    originService: number,
    originCause: number,
    slowService: number,
    slowOwnUs: number,
    forMs: number,
  ): void;
  /** A stopping instance holds nothing any more. */
  drained(instance: number): void;
  /** The instance dies by itself, now: the engine ends it with `crash`, as if it had been killed. */
  crashed(instance: number): void;
  /** An errand that the engine gave to this instance has ended. */
  errandDone(instance: number, serial: number, isOk: boolean): void;
}
