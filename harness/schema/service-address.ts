// Whom a call goes to: `service.operation`, or a bare service for its only operation.
import { written } from "./written.ts";

export interface ServiceAddress {
  readonly service: string;
  readonly operation: string | null;
}

const PATTERN = "^[A-Za-z][\\w-]*(\\.[A-Za-z][\\w-]*)?$";
const pattern = new RegExp(PATTERN);

/** `playlist.get` or `popcount`. */
export function serviceAddress() {
  return written({
    what: "a service or service.operation",
    code: "bad-value",
    hint: "write `service.operation`, or the bare service where it has one operation",
    read: serviceAddressOf,
    json: { type: "string", pattern: PATTERN },
  });
}

export function serviceAddressOf(value: unknown): ServiceAddress | null {
  if (typeof value !== "string" || !pattern.test(value)) return null;
  const [service, operation] = value.split(".");
  return { service: service!, operation: operation ?? null };
}
