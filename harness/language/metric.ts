// Metric addresses and limits, as gates, alerts and checks write them.
import type { LimitPlan } from "../model/release-plan.ts";
import type { WrittenLimit } from "../schema/limit.ts";
import { parseAddress, type Address, type AddressNames } from "../signals/address.ts";
import type { Unit } from "../signals/measure.ts";
import type { Cursor } from "./cursor.ts";

const FAMILY = /^(journeys|services|zones|calls|load)\./;

/** The address in full: a short name is completed with `prefix` (`services.checkout@new`), a full one stays. */
export function fullAddress(text: string, prefix: string | null): string {
  return FAMILY.test(text) || prefix === null ? text : `${prefix}.${text}`;
}

/** The address that `text` spells, or null and a problem. */
export function metricAt(text: string, names: AddressNames, cursor: Cursor): Address | null {
  const parsed = parseAddress(text, names);
  if ("address" in parsed) return parsed.address;
  if (cursor.problems.isWhole) cursor.error("unknown-metric", parsed.problem, parsed.suggestion);
  return null;
}

export interface WrittenLimits {
  readonly atLeast?: WrittenLimit | undefined;
  readonly atMost?: WrittenLimit | undefined;
  readonly between?: readonly WrittenLimit[] | undefined;
}

/** The limit that the map at `cursor` states on `address`. */
export function compileLimit(written: WrittenLimits, address: Address | null, cursor: Cursor): LimitPlan {
  const [low, high] = written.between ?? [];
  const atLeast = written.atLeast ?? low ?? null;
  const atMost = written.atMost ?? high ?? null;
  const key = written.between !== undefined ? "between" : written.atLeast !== undefined ? "atLeast" : "atMost";
  const limits = [atLeast, atMost].filter((limit) => limit !== null);
  const isRelative = limits.some((limit) => limit.isRelativeToStable);
  if (atLeast !== null && atMost !== null && atLeast.value > atMost.value)
    cursor.at(key).error("out-of-range", "the first limit must not lie above the second");
  if (isRelative && limits.some((limit) => !limit.isRelativeToStable))
    cursor.at(key).error("bad-value", "either both limits are relative, or none");
  if (isRelative && address !== null && address.scope.type !== "service")
    cursor.at(key).error("bad-value", "only a service has a stable version to compare with");
  const misspelt = limits.find((limit) => address !== null && !isRelative && !fits(limit, address.measure.unit));
  if (misspelt !== undefined)
    cursor
      .at(key)
      .error("bad-value", `a ${misspelt.spelling} is no limit of this metric`, UNIT_HINTS[address!.measure.unit]);
  const tooMuch = limits.find(
    (limit) => address?.measure.unit === "ratio" && !isRelative && limit.value > 1 && limit !== misspelt,
  );
  if (tooMuch !== undefined)
    cursor
      .at(key)
      .error(
        "out-of-range",
        `this metric lies between 0 and 1, or 0% and 100%`,
        tooMuch.value <= 100 && tooMuch.spelling === "number" ? `did you mean \`${tooMuch.value}%\`?` : null,
      );
  return { atLeast: atLeast?.value ?? null, atMost: atMost?.value ?? null, relativeToStable: isRelative };
}

/** Times are for times, percentages for ratios and factors; a number goes wherever the metric's unit is plain. */
function fits({ spelling }: WrittenLimit, unit: Unit): boolean {
  if (spelling === "time") return unit === "ms";
  return spelling === "number" || unit === "ratio" || unit === "factor";
}

const UNIT_HINTS: Readonly<Record<Unit, string>> = {
  ratio: "write a ratio, such as `99%`",
  factor: "write a number, such as `1.5`",
  ms: "write a time, such as `300ms`",
  count: "write a number",
  perSecond: "write a number (per second)",
  number: "write a number",
};
