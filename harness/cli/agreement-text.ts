// The two engines side by side: outcome, availability and median latency of each journey.
import type { Agreement } from "../study/agreement.ts";
import { numberText, percentText } from "./number-text.ts";
import { textTable } from "./text-table.ts";

export function agreementText({ agrees, variants }: Agreement): string {
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
    ? "The engines agree: same outcomes, availability within a point or within chance (95 %), medians within 2 ms + 10 %."
    : "The engines do NOT agree; the lines marked NO say where.";
  return `${textTable(["strategy", "", "simulated", "real", "agree"], rows, 2).join("\n")}\n\n${verdict}\n`;
}

function row(what: string, sim: string, live: string, agrees: boolean): string[] {
  return ["", what, sim, live, mark(agrees)];
}

function mark(agrees: boolean): string {
  return agrees ? "yes" : "NO";
}

function millisecondsText(ms: number | null): string {
  return ms === null ? "–" : `${numberText(ms)} ms`;
}
