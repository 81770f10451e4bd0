// The two engines side by side: outcome, availability and median latency of each journey.
import type { Agreement } from "../study/agreement.ts";
import { numberText, percentText } from "./number-text.ts";
import { textTable } from "./text-table.ts";

export function agreementText({ agrees, variants }: Agreement): string {
  const rows = variants.flatMap(({ strategy, outcomes, journeys, agrees: isSame }) => [
    [strategy ?? "", "outcome", outcomes.sim, outcomes.live, isSame || outcomes.sim === outcomes.live ? "yes" : "NO"],
    ...journeys.flatMap(({ journey, availability, p50Ms, agrees: isClose }) => [
      [
        "",
        `${journey} availability`,
        percentText(availability.sim),
        percentText(availability.live),
        isClose ? "yes" : "NO",
      ],
      ["", `${journey} median`, millisecondsText(p50Ms.sim), millisecondsText(p50Ms.live), ""],
    ]),
  ]);
  const verdict = agrees
    ? "The engines agree: same outcomes, availability within 1 point, medians within 2 ms + 10 %."
    : "The engines do NOT agree; the lines marked NO say where.";
  return `${textTable(["strategy", "", "simulated", "real", "agree"], rows, 2).join("\n")}\n\n${verdict}\n`;
}

function millisecondsText(ms: number | null): string {
  return ms === null ? "–" : `${numberText(ms)} ms`;
}
