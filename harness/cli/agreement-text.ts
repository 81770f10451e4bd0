// The two engines side by side: outcome, availability and median latency of each journey.
import type { Code } from "../core/codes.ts";
import type { Agreement } from "../study/agreement.ts";
import { numberText, percentText } from "./number-text.ts";
import { textTable } from "./text-table.ts";

/** Warnings of a live run after which its times are the machine's as much as the fleet's. */
const DISTURBED: readonly Code[] = ["fleet-stalled", "late-starts", "generator-saturated", "missing-numbers"];

/** `warnings` are those of the live run. */
export function agreementText({ agrees, variants }: Agreement, warnings: readonly { readonly code: string }[]): string {
  const rows = variants.flatMap(({ strategy, outcomes, journeys }) => [
    [strategy ?? "", "outcome", outcomes.sim, outcomes.live, mark(outcomes.sim === outcomes.live)],
    ...journeys.flatMap(({ journey, availability, p50Ms }) => [
      row(
        `${journey} availability`,
        percentText(availability.sim),
        percentText(availability.live),
        availability.agrees,
      ),
      row(`${journey} median`, millisecondsText(p50Ms.sim), millisecondsText(p50Ms.live), p50Ms.agrees),
    ]),
  ]);
  const verdict = agrees
    ? "The engines agree: same outcomes, availability within a point or within chance (95 %),\nmedians within 2 ms + 10 %."
    : `The engines do NOT agree; the lines marked NO say where.${disturbanceText(warnings)}`;
  return `${textTable(["strategy", "", "simulated", "real", "agree"], rows, 2).join("\n")}\n\n${verdict}\n`;
}

function row(what: string, sim: string, live: string, agrees: boolean): string[] {
  return ["", what, sim, live, mark(agrees)];
}

/** A comparison on a busy machine is not a fair one: that is said, and what would be. */
function disturbanceText(warnings: readonly { readonly code: string }[]): string {
  const codes = DISTURBED.filter((code) => warnings.some((warning) => warning.code === code));
  return codes.length === 0
    ? ""
    : `\nBut this machine kept the real fleet waiting, so "real" measures it too\n(above: ${codes.join(", ")}).\nTry again when nothing else runs.`;
}

function mark(agrees: boolean): string {
  return agrees ? "yes" : "NO";
}

function millisecondsText(ms: number | null): string {
  return ms === null ? "–" : `${numberText(ms)} ms`;
}
