// Rates of arrival.
import { written } from "./written.ts";

const PATTERN = "^(\\d+(?:\\.\\d+)?)/(s|m|h)$";
const pattern = new RegExp(PATTERN);
const SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** `300/s`, `20/m` or `5/h`; per second. */
export function rate() {
  return written({
    what: "a rate",
    code: "bad-rate",
    hint: "write a number per second, minute or hour, such as `300/s` or `20/m`",
    read: rateOf,
    advise: (value) =>
      typeof value === "number" && value >= 0 ? `a rate needs its unit: \`${value}/s\`` : null,
    json: { type: "string", pattern: PATTERN },
  });
}

function rateOf(value: unknown): number | null {
  const match = typeof value === "string" ? pattern.exec(value) : null;
  if (match === null) return null;
  const perSecond = Number(match[1]) / SECONDS[match[2] as keyof typeof SECONDS];
  return Number.isFinite(perSecond) ? perSecond : null;
}
