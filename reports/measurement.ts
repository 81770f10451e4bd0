// A plain measurement, or the control: what journeys and services did, in two tables.
import type { Tables } from "../harness/verdict/result.ts";
import type { Cell } from "./grid.ts";
import { grid } from "./grid.ts";
import type { Paint } from "./paint.ts";
import { count, decimal, milliseconds, percent } from "./wording.ts";

export function measurement(tables: Tables, columns: number, paint: Paint): string[] {
  const journeys = Object.entries(tables.journeys).map(([name, table]): Cell[] => [
    { text: name },
    { text: count(table.requests) },
    { text: percent(table.availability) },
    { text: table.latencyMs === null ? "–" : milliseconds(table.latencyMs.mean) },
    { text: table.latencyMs === null ? "–" : milliseconds(table.latencyMs.p50) },
    { text: table.latencyMs === null ? "–" : milliseconds(table.latencyMs.p99) },
  ]);
  const services = Object.entries(tables.services).map(([name, table]): Cell[] => [
    { text: name },
    { text: count(table.requests) },
    { text: percent(table.availability) },
    { text: table.latencyMs === null ? "–" : milliseconds(table.latencyMs.mean) },
    { text: table.latencyMs === null ? "–" : milliseconds(table.latencyMs.p99) },
    { text: table.utilization.workers === null ? "–" : percent(table.utilization.workers) },
    { text: decimal(table.meanInSystem) },
    { text: decimal(table.meanQueue) },
  ]);
  return [
    ...grid(titled("journey", "requests", "good", "mean", "p50", "p99"), journeys, columns, 2, paint),
    "",
    ...grid(
      titled("service", "requests", "good", "mean", "p99", "busy", "inside", "queue"),
      services,
      columns,
      2,
      paint,
    ),
  ];
}

function titled(
  first: string,
  ...rest: readonly string[]
): { title: string; align: "left" | "right"; shrinksTo?: number }[] {
  return [{ title: first, align: "left", shrinksTo: 10 }, ...rest.map((title) => ({ title, align: "right" as const }))];
}
