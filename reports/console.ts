// The report for people at a terminal: the matrix of strategies first, then what happened in each, what would
// have contained it, and how to run it again.
import type { CheckResult, Result, VariantResult } from "../harness/verdict/result.ts";
import { lineWidth } from "./line-width.ts";
import { matrix, outcomeText, shadeOf } from "./matrix.ts";
import { measurement } from "./measurement.ts";
import type { Paint } from "./paint.ts";
import { painter } from "./paint.ts";
import { remedyText } from "./remedy.ts";
import type { ReportOptions } from "./report-options.ts";
import { seedLines, seedsText } from "./seed-lines.ts";
import { leftWidth, sideBySide, TWO_BLOCKS } from "./side-by-side.ts";
import { spread } from "./spread.ts";
import { story } from "./story.ts";
import { decimal } from "./wording.ts";
import { wrap } from "./wrap.ts";

export function consoleReport(results: readonly Result[], options: ReportOptions): string {
  const columns = lineWidth(options.columns);
  const paint = painter(options.hasColor);
  const parts = results.map((result, index) => [
    ...heading(result, columns, paint),
    "",
    ...(result.variants.length === 0 ? measured(result, columns, paint) : judged(result, columns, paint)),
    ...warningLines(result.warnings, columns, paint),
    ...repeatLines(result, options.commands[index]!, options.directories[index] ?? null),
  ]);
  const total = results.length > 1 ? ["", summary(results)] : [];
  return [...parts.flatMap((part, index) => (index === 0 ? part : ["", "", ...part])), ...total, ""].join("\n");
}

function heading(result: Result, columns: number, paint: Paint): string[] {
  const { scenario, engine, seeds, variants, passed } = result;
  const what =
    variants.length === 0 ? "measurement" : variants.length === 1 ? "1 strategy" : `${variants.length} strategies`;
  const left = `${scenario} · ${engine} · ${seedsText(seeds)} · ${what}`;
  const [right, shade] = wasInterrupted(result)
    ? (["! interrupted", "doubtful"] as const)
    : passed
      ? (["✓ passed", "good"] as const)
      : (["✗ not passed", "bad"] as const);
  const room = Math.max(2, columns - left.length - right.length);
  return [`${paint(left, "title")}${" ".repeat(room)}${paint(right, shade)}`, "─".repeat(columns)];
}

/** Then whatever was judged was judged of a part, and neither passes nor fails the scenario. */
function wasInterrupted({ warnings, variants }: Result): boolean {
  return [warnings, ...variants.map((variant) => variant.warnings)].some((list) =>
    list.some(({ code }) => code === "interrupted"),
  );
}

function judged(result: Result, columns: number, paint: Paint): string[] {
  return [
    ...matrix(result, columns, paint),
    ...wrap(footnote(result), columns).map((line) => paint(line, "faint")),
    ...result.variants.flatMap((variant) => ["", ...chapter(variant, result, columns, paint)]),
    "",
  ];
}

/** How to read the columns of the matrix. */
function footnote({ control, seeds }: Result): string {
  const baseline =
    control === null
      ? "what goes beyond the steady state before the trigger (there was no control run)"
      : "those that the control run did not have";
  const told = seeds.length > 1 ? "; a line tells of the first seed that ended as most did" : "";
  return `users affected and requests lost are ${baseline}; times from the trigger, recover from its end${told}`;
}

/** Everything about one strategy. */
function chapter(variant: VariantResult, result: Result, columns: number, paint: Paint): string[] {
  const { outcome, expected } = variant;
  const mark = paint(variant.passed ? "✓" : "✗", variant.passed ? "good" : "bad");
  const surprise = outcome === expected ? "" : `, expected ${expected}`;
  const remedy = remedyText(variant, result);
  const rightWidth = columns < TWO_BLOCKS ? columns : columns - leftWidth(columns);
  return [
    `${mark} ${paint(variant.strategy ?? result.scenario, "title")}: ${paint(outcomeText(variant), shadeOf(variant))}${surprise}`,
    ...indented(variant.reason, columns),
    ...seedLines(variant).flatMap((line) => indented(line, columns)),
    ...sideBySide(spread(variant, leftWidth(columns) - 2, paint), story(variant, rightWidth, paint), columns),
    ...(variant.facts.spuriousRollback
      ? indented("a spurious rollback: nothing was impacted when it was rolled back", columns)
      : []),
    ...(remedy === null ? [] : [`  ${paint("What would have contained it", "title")}`, ...indented(remedy, columns)]),
    ...checkLines(variant.checks, columns, paint),
    ...warningLines(
      variant.warnings.filter((warning) => !result.warnings.some(({ message }) => message === warning.message)),
      columns,
      paint,
    ),
  ];
}

function measured(result: Result, columns: number, paint: Paint): string[] {
  const tables = result.control === null ? [] : measurement(result.control, columns, paint);
  return [...tables, ...(result.checks.length > 0 ? [""] : []), ...checkLines(result.checks, columns, paint), ""];
}

function checkLines(checks: readonly CheckResult[], columns: number, paint: Paint): string[] {
  return checks.flatMap(({ claim, metric, passed, observed, limit }) => {
    const bounds = [
      limit.atLeast === undefined ? null : `at least ${decimal(limit.atLeast)}`,
      limit.atMost === undefined ? null : `at most ${decimal(limit.atMost)}`,
    ];
    const wanted = bounds.filter((bound) => bound !== null).join(", ");
    const text = `${claim === null ? "" : `${claim}: `}${metric} is ${observed === null ? "without data" : decimal(observed)}, wanted ${wanted}`;
    const [first, ...rest] = wrap(text, columns - 4);
    return [`  ${paint(passed ? "✓" : "✗", passed ? "good" : "bad")} ${first}`, ...rest.map((line) => `    ${line}`)];
  });
}

function warningLines(warnings: Result["warnings"], columns: number, paint: Paint): string[] {
  return warnings.flatMap(({ code, message }) => {
    const [first, ...rest] = wrap(`${code}: ${message}`, columns - 2);
    return [`${paint("!", "doubtful")} ${first}`, ...rest.map((line) => `  ${line}`)];
  });
}

/** The exact command, with the seed, so that a line of this report is a recipe. */
function repeatLines({ seed, seeds }: Result, command: string, directory: string | null): string[] {
  const hasSeed = / --seeds?[ =]/.test(` ${command} `);
  return [
    `repeat:     ${command}${hasSeed ? "" : ` --seed ${seed}`}`,
    ...(directory === null ? [] : [`recordings: ${directory}${seeds.length > 1 ? ", a folder for each seed" : ""}`]),
  ];
}

function summary(results: readonly Result[]): string {
  const passed = results.filter((result) => result.passed).length;
  return `${passed} of ${results.length} scenarios passed`;
}

function indented(text: string, columns: number): string[] {
  return wrap(text, columns - 2).map((line) => `  ${line}`);
}
