// Headers of HTTP requests, as names and values. What the engines or HTTP itself say in headers is not for users to say.
import * as z from "zod";
import { written } from "./written.ts";

/** Source: RFC 9110, 5.6.2 (a name is a token) and 5.5 (a value is visible, with spaces inside at most). */
const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const VALUE_PATTERN = "^[\\x21-\\x7e]([\\x20-\\x7e]{0,198}[\\x21-\\x7e])?$";
const VALUE = new RegExp(VALUE_PATTERN);

/** What frames a message, or is for one connection alone. Source: RFC 9110, 7.6.1, and RFC 9112. */
const RESERVED = /^(firebreak-.*|content-.*|proxy-.*|host|connection|expect|keep-alive|te|trailer|transfer-encoding|upgrade)$/;

/** A map from names to values. */
export function headers() {
  return z.record(z.string(), value()).superRefine((map, context) => {
    const known = new Set<string>();
    for (const name of Object.keys(map)) {
      const flaw = flawOf(name, known);
      known.add(name.toLowerCase());
      if (flaw === null) continue;
      const params = { code: "bad-name", hint: "write a name of its own, such as `x-tenant`" };
      context.addIssue({ code: "custom", path: [name], message: flaw, params });
    }
  });
}

function flawOf(name: string, known: ReadonlySet<string>): string | null {
  if (!NAME.test(name)) return `${JSON.stringify(name)} is not the name of a header`;
  if (RESERVED.test(name.toLowerCase())) return `the header \`${name}\` is not for scenarios to say`;
  return known.has(name.toLowerCase()) ? `the header \`${name}\` is there in another spelling` : null;
}

function value() {
  return written({
    what: "the value of a header",
    code: "bad-value",
    hint: "write up to 200 visible characters of ASCII",
    read: (said) => (VALUE.test(String(said)) ? String(said) : null),
    json: { type: ["string", "number", "boolean"] },
  });
}
