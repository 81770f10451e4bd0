// How it spread: who failed first and why, hop by hop with times, and what amplified it.
import type { VariantResult } from "../harness/verdict/result.ts";
import type { Paint } from "./paint.ts";
import { clock, count, decimal, percent } from "./wording.ts";
import { wrap } from "./wrap.ts";

/** Calls and loads that send so many attempts per request are worth a line. */
const AMPLIFIED = 1.2;
const SHOWN_ORIGINS = 4;
const SHOWN_HOPS = 12;

/** Indented lines, or none where nothing was impacted. */
export function spread(variant: VariantResult, columns: number, paint: Paint): string[] {
  const hops = [...variant.propagation.map(hopOf), ...variant.journeysHit.map(journeyOf)];
  if (hops.length === 0) return [];
  hops.sort((a, b) => a.atMs - b.atMs);
  const shown = hops.slice(0, SHOWN_HOPS);
  const nameWidth = Math.min(24, Math.max(...shown.map(({ name }) => name.length)));
  const lines = shown.flatMap(({ atMs, name, text }) => {
    const start = `  ${clock(atMs).padStart(6)}  ${name.padEnd(nameWidth)}  `;
    return wrap(
      `${start}${text}`.replace(/ {2,}/g, (gap) => "\u00A0".repeat(gap.length)),
      columns,
      " ".repeat(start.length),
    );
  });
  if (hops.length > shown.length) lines.push(`          … and ${hops.length - shown.length} more`);
  return [
    `  ${paint("How it spread", "title")}`,
    ...lines.map((line) => line.replaceAll("\u00A0", " ")),
    ...originLines(variant, columns),
    ...amplifiedLines(variant, columns),
  ];
}

interface Hop {
  readonly atMs: number;
  readonly name: string;
  readonly text: string;
}

function hopOf({ service, atMs, via, cause }: VariantResult["propagation"][number], position: number): Hop {
  const how = position === 0 ? "failed first" : via === null ? "on its own" : `carried by ${via}`;
  return { atMs, name: service, text: `${CAUSE_WORDS[cause] ?? cause} · ${how}` };
}

function journeyOf({ journey, atMs, worst }: VariantResult["journeysHit"][number]): Hop {
  return { atMs, name: journey, text: `journey: up to ${percent(worst)} of its requests bad` };
}

/** Where the machine's word for a cause is not yet a sentence. */
const CAUSE_WORDS: Readonly<Record<string, string>> = {
  error: "answers with errors",
  wrong: "answers wrongly",
  slow: "too slow for its users",
  timeout: "does not answer in time",
  "rejected(overload)": "rejects for overload",
  "rejected(rateLimit)": "rejects by its rate limit",
  shed: "sheds load",
  circuitOpen: "cut off by circuit breakers",
  bulkheadFull: "bulkheads are full",
  noHealthyHost: "has no healthy instance",
  connectionReset: "drops connections",
  refused: "refuses connections",
};

function originLines({ origins }: VariantResult, columns: number): string[] {
  if (origins.length === 0) return [];
  const all = origins.reduce((sum, { requests }) => sum + requests, 0);
  const shown = origins
    .slice(0, SHOWN_ORIGINS)
    .map(({ service, cause, requests }) => `${service} ${cause} ${count(requests)} (${percent(requests / all)})`);
  const rest = origins.length > SHOWN_ORIGINS ? [`${origins.length - SHOWN_ORIGINS} more`] : [];
  return wrap(`\u00A0\u00A0bad requests began at: ${[...shown, ...rest].join(" · ")}`, columns, "    ").map((line) =>
    line.replaceAll("\u00A0", " "),
  );
}

function amplifiedLines({ amplification }: VariantResult, columns: number): string[] {
  const amplified = Object.entries(amplification)
    .filter(([, ratio]) => ratio >= AMPLIFIED)
    .sort((a, b) => b[1] - a[1]);
  if (amplified.length === 0) return [];
  const shown = amplified.slice(0, SHOWN_ORIGINS).map(([name, ratio]) => `${name} ×${decimal(ratio)}`);
  return wrap(`\u00A0\u00A0amplified: ${shown.join(" · ")} attempts per request`, columns, "    ").map((line) =>
    line.replaceAll("\u00A0", " "),
  );
}
