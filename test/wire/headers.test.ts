import fc from "fast-check";
import { expect, test } from "vitest";
import { CAUSE_COUNT, ERROR, OK, OVERLOAD, RATE_LIMIT, TIMEOUT } from "../../harness/model/outcome.ts";
import { readAnswerHead, readRequestHead, writeAnswerHead, writeRequestHead } from "../../harness/wire/headers.ts";

const word = fc.integer({ min: -0x80000000, max: 0x7fffffff });

const HEAD = {
  target: 1,
  generation: 0,
  keyHigh: 1,
  keyLow: 2,
  user: 3,
  item: 4,
  criticality: 2,
  headers: 0,
  depth: 0,
  arrivesMs: 1,
  remainingMs: 5,
};

const CARRIED = [
  { name: "x-tenant", value: "acme" },
  { name: "x-canary", value: "true" },
  { name: "x-rehearsal", value: "no 7" },
];

function received(headers: readonly string[]): Record<string, string> {
  const entries: [string, string][] = [];
  for (let at = 0; at < headers.length; at += 2) entries.push([headers[at]!, headers[at + 1]!]);
  return Object.fromEntries(entries);
}

test("a request head arrives as it was sent, its time left to the microsecond", () => {
  const head = fc.record({
    target: fc.nat(),
    generation: fc.nat(),
    keyHigh: word,
    keyLow: word,
    user: fc.nat(),
    item: word,
    criticality: fc.nat({ max: 3 }),
    headers: fc.nat({ max: 7 }),
    depth: fc.nat({ max: 255 }),
    arrivesMs: fc.integer({ min: 0, max: 1e9 }).map((us) => us / 1000),
    remainingMs: fc.oneof(fc.constant(Infinity), fc.double({ min: 0, max: 1e7, noNaN: true })),
  });
  fc.assert(
    fc.property(head, (sent) => {
      const read = readRequestHead(received(writeRequestHead(sent, CARRIED)), CARRIED)!;
      const { remainingMs, ...rest } = sent;
      expect(read).toMatchObject(rest);
      if (remainingMs === Infinity) expect(read.remainingMs).toBe(Infinity);
      else expect(Math.abs(read.remainingMs - remainingMs)).toBeLessThanOrEqual(0.0006);
    }),
  );
});

test("headers of the scenario are headers of HTTP, and only the very value counts", () => {
  const sent = writeRequestHead({ ...HEAD, headers: 5 }, CARRIED);
  expect(received(sent)).toMatchObject({ "x-tenant": "acme", "x-rehearsal": "no 7" });
  const head = received(writeRequestHead(HEAD, CARRIED));
  expect(readRequestHead({ ...head, "x-tenant": "acme" }, CARRIED)).toMatchObject({ headers: 1 });
  expect(readRequestHead({ ...head, "x-tenant": "Acme", "x-canary": "1" }, CARRIED)).toMatchObject({ headers: 0 });
});

test("a request of somebody else has no head", () => {
  expect(readRequestHead({})).toBeNull();
  expect(readRequestHead({ "firebreak-key": "0123456789abcdef" })).toBeNull();
  const whole = received(writeRequestHead(HEAD));
  expect(readRequestHead(whole)).not.toBeNull();
  expect(readRequestHead({ ...whole, "firebreak-depth": "deep" })).toBeNull();
  expect(readRequestHead({ ...whole, "firebreak-remaining-ms": "soon" })).toBeNull();
  expect(readRequestHead({ ...whole, "firebreak-criticality": "vital" })).toMatchObject({ criticality: 1 });
});

test("an answer head arrives as it was sent", () => {
  const head = fc.record({
    cause: fc.nat({ max: CAUSE_COUNT - 1 }),
    isDegraded: fc.boolean(),
    originService: fc.integer({ min: -1, max: 1_000 }),
    originCause: fc.nat({ max: CAUSE_COUNT - 1 }),
    slowService: fc.integer({ min: -1, max: 1_000 }),
    slowOwnUs: fc.nat(),
  });
  fc.assert(
    fc.property(head, (sent) => {
      expect(readAnswerHead(200, writeAnswerHead(sent), 9)).toEqual(sent);
    }),
  );
});

test("an answer without our header is judged by its status, and blamed on the callee", () => {
  const causes = [200, 404, 429, 500, 503, 504].map((status) => readAnswerHead(status, undefined, 3).cause);
  expect(causes).toEqual([OK, ERROR, RATE_LIMIT, ERROR, OVERLOAD, TIMEOUT]);
  expect(readAnswerHead(500, "99 0 0 0 0 0", 3)).toMatchObject({ cause: ERROR, originService: 3, originCause: ERROR });
});
