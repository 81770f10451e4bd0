// The matrix: every strategy of a scenario in one line, so that they can be compared at a glance.
import type { Result, VariantResult } from "../harness/verdict/result.ts";
import type { Cell, GridColumn } from "./grid.ts";
import { grid } from "./grid.ts";
import type { Paint, Shade } from "./paint.ts";
import { count, duration, percent } from "./wording.ts";

/** From this width on there is room for what was hit and why. */
const WIDE = 140;

export function matrix(result: Result, columns: number, paint: Paint): string[] {
  const isWide = columns >= WIDE;
  const header: GridColumn[] = [
    { title: "", align: "left" },
    { title: "strategy", align: "left", shrinksTo: 10 },
    { title: "outcome", align: "left" },
    { title: "users", align: "right" },
    { title: "lost", align: "right" },
    { title: "detect", align: "right" },
    { title: "mitigate", align: "right" },
    { title: "recover", align: "right" },
    { title: "exposed", align: "right" },
  ];
  if (isWide)
    header.push({ title: "hit", align: "left", shrinksTo: 12 }, { title: "why", align: "left", shrinksTo: 20 });
  const rows = result.variants.map((variant) => rowOf(variant, isWide));
  return grid(header, rows, columns, isWide ? 2 : 1, paint);
}

function rowOf(variant: VariantResult, isWide: boolean): Cell[] {
  const { blastRadius, timesMs, facts } = variant;
  const wasHit = blastRadius.services.length + blastRadius.journeys.length > 0;
  const row: Cell[] = [
    { text: variant.passed ? "✓" : "✗", shade: variant.passed ? "good" : "bad" },
    { text: variant.strategy ?? "(the scenario)" },
    { text: outcomeText(variant), shade: shadeOf(variant) },
    { text: percent(blastRadius.usersAffected) },
    { text: count(blastRadius.requestsLost) },
    { text: timeText(timesMs.toDetect, "–") },
    { text: timeText(timesMs.toMitigate, variant.outcome === "measured" ? "–" : "never") },
    { text: timeText(timesMs.toRecover, wasHit && !facts.recovered ? "never" : "–") },
    { text: percent(variant.exposure) },
  ];
  if (isWide)
    row.push({ text: [...blastRadius.services, ...blastRadius.journeys].join(", ") || "–" }, { text: variant.reason });
  return row;
}

/** With several seeds: how many of them had the outcome. */
export function outcomeText({ outcome, seeds }: VariantResult): string {
  return seeds.runs === 1 ? outcome : `${outcome} ${seeds.outcomes[outcome] ?? 0}/${seeds.runs}`;
}

export function shadeOf({ outcome }: VariantResult): Shade {
  if (outcome === "contained" || outcome === "measured") return "good";
  return outcome === "invalid" || outcome === "notExercised" ? "doubtful" : "bad";
}

function timeText(ms: number | null, missing: string): string {
  return ms === null ? missing : duration(ms);
}
