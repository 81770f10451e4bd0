// What a user writes becomes a Study: every variant as a complete Plan, or every problem at once.
//
//   scenario.yaml ─┐ read, variables                      ┌ variant: documents + strategy's changes ─ schema ─ Plan
//   topology.yaml ─┴ extends ────── located trees ────────┤ …
//                                                         └ control, expectation, warnings
import { CODES } from "../core/codes.ts";
import { suggest } from "../core/suggest.ts";
import type { Study, Variant } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { atPace } from "../schema/at-pace.ts";
import { checkVariants } from "./check-variants.ts";
import { compileExpectation } from "./expectation.ts";
import { compilePlan, type Settings } from "./compile-plan.ts";
import { controlOf } from "./control-plan.ts";
import { Cursor } from "./cursor.ts";
import { isTopology } from "./file-kind.ts";
import { Names } from "./names.ts";
import { nodeAt, type MapNode } from "./node.ts";
import { Problems } from "./problems.ts";
import { beside } from "./read-file.ts";
import { readMap, readTopology } from "./read-topology.ts";
import type { WrittenScenario } from "./scenario-schema.ts";
import { strategiesOf, type StrategySource } from "./strategies.ts";
import { substituted, variablesGiven, variablesOf } from "./variables.ts";
import { VariantSources, type Typed } from "./variant-source.ts";

export interface LoadOptions {
  /** `--var name=value`. */
  readonly vars: Readonly<Record<string, string>>;
  /** Instead of the scenario's. */
  readonly seed: number | null;
  /** Only these strategies; null = all. */
  readonly strategies: readonly string[] | null;
  readonly engine: "sim" | "live";
  /** Instead of the scenario's, and of what it says for the engine. */
  readonly size: { readonly scale: number; readonly compress: number } | null;
  /** Warnings are errors. */
  readonly strict: boolean;
}

export interface Loaded {
  /** Null where there is an error. */
  readonly study: Study | null;
  readonly problems: readonly Problem[];
}

/** Reads and compiles a scenario file; never throws for what a user wrote. */
export function loadStudy(file: string, options: LoadOptions): Loaded {
  const problems = new Problems();
  const study = compileStudy(file, options, problems);
  return { study: problems.isRefused(options.strict) ? null : study, problems: problems.list(options.strict) };
}

function compileStudy(file: string, options: LoadOptions, problems: Problems): Study | null {
  const read = readScenario(file, options, problems);
  if (read === null) return null;
  const { scenario, topology } = read;
  const all = strategiesOf(scenario, new Cursor(scenario, problems));
  const sources = new VariantSources({ scenario, topology }, problems);
  const base = sources.scenario(scenario, topology, all);
  if (base === null) {
    sources.of(null);
    return null;
  }
  acceptWarnings(base, problems);
  const settings = settingsOf(base, options);
  const chosen = chosenStrategies(all, options.strategies, problems);
  checkChecks(base, all);
  const compiled = chosen.flatMap((strategy) => {
    const source = sources.of(strategy);
    if (source === null) return [];
    const variant = compilePlan(source, strategy?.name ?? null, settings);
    checkLoads(source.scenario);
    const expectation = compileExpectation(variant, source.scenario.cursor);
    return [{ ...variant, expectation }];
  });
  if (problems.hasErrors) return null;
  checkVariants(compiled);
  const variants = compiled.map(({ plan, expectation }): Variant => ({ plan, control: controlOf(plan), expectation }));
  return studyOf(file, base.written, settings, variants);
}

function readScenario(
  file: string,
  options: LoadOptions,
  problems: Problems,
): { scenario: MapNode; topology: MapNode } | null {
  const root = readMap(file, null, problems);
  if (root === null) return null;
  if (isTopology(root)) {
    const message = "this is a topology, and a scenario is wanted";
    const hint = "name a scenario whose `topology:` it is; `firebreak check` also takes a topology by itself";
    new Cursor(root, problems).at("topology").errorAtKey("wrong-type", message, hint);
    return null;
  }
  const given = variablesGiven(options.vars);
  const variables = variablesOf(root, given, problems);
  const declared = nodeAt(root, ["vars"]);
  for (const name of given.keys()) {
    const isDeclared = declared?.type === "map" && declared.entries.has(name);
    if (!isDeclared)
      problems.error(
        "unknown-name",
        null,
        `the scenario has no variable \`${name}\``,
        suggest(name, declared?.type === "map" ? declared.entries.keys() : []),
      );
  }
  const scenario = substituted(root, variables, problems) as MapNode;
  const named = nodeAt(scenario, ["topology"]);
  if (named?.type === "scalar" && typeof named.value === "string") {
    const topology = readTopology(beside(file, named.value), named.place, variables, problems);
    if (topology !== null) return { scenario, topology };
  }
  // Without a fleet the scenario can still be held against its schema.
  const empty: MapNode = { type: "map", entries: new Map(), place: scenario.place };
  new VariantSources({ scenario, topology: empty }, problems).scenario(
    scenario,
    empty,
    strategiesOf(scenario, new Cursor(scenario, problems)),
  );
  return null;
}

/** A warning that the scenario is about is none of somebody's mistakes. */
function acceptWarnings({ written, cursor }: Typed<WrittenScenario>, problems: Problems): void {
  const codes = Names.listed("code", Object.keys(CODES));
  written.accepts.forEach((code, index) => {
    if (codes.find(code, cursor.at("accepts", index)) >= 0) problems.accept(code);
  });
}

function settingsOf(base: Typed<WrittenScenario>, { engine, size, seed }: LoadOptions): Settings {
  const { written, cursor } = base;
  const own = engine === "live" ? written.engines.live : {};
  const ownScale = own.scale === undefined ? cursor.at("scale") : cursor.at("engines", "live", "scale");
  return {
    seed: seed ?? written.seed,
    scale: size?.scale ?? own.scale ?? written.scale,
    compress: size?.compress ?? own.compress ?? 1,
    scaleCursor: size === null ? ownScale : null,
  };
}

/** `[null]` where the scenario has no strategies: the scenario itself is the one variant. */
function chosenStrategies(
  all: readonly StrategySource[],
  wanted: readonly string[] | null,
  problems: Problems,
): (StrategySource | null)[] {
  const names = all.map(({ name }) => name);
  const isAnyKnown = wanted === null || wanted.some((name) => names.includes(name));
  for (const name of wanted ?? []) {
    if (names.includes(name)) continue;
    const code = isAnyKnown ? "unknown-name" : "nothing-to-run";
    problems.error(code, null, `there is no strategy \`${name}\``, suggest(name, names));
  }
  if (all.length === 0) return [null];
  return wanted === null ? [...all] : all.filter(({ name }) => wanted.includes(name));
}

function checkLoads({ written, cursor }: Typed<WrittenScenario>): void {
  if (Object.keys(written.load).length === 0 && cursor.problems.isWhole)
    cursor.at("load").error("out-of-range", "a scenario needs at least one load");
}

/** A check on a strategy that does not exist would hold by never being made. */
function checkChecks({ written, cursor }: Typed<WrittenScenario>, all: readonly StrategySource[]): void {
  const names = Names.listed(
    "strategy",
    all.map(({ name }) => name),
  );
  written.checks.forEach(({ strategy }, index) => {
    if (strategy !== undefined) names.find(strategy, cursor.at("checks", index, "strategy"));
  });
}

function studyOf(file: string, written: WrittenScenario, settings: Settings, variants: readonly Variant[]): Study {
  const { scenario, about = null, seedsToPass, chapters, facts } = atPace(written, settings.compress);
  const warmUpMs = variants[0]?.plan.warmUpMs ?? 0;
  return {
    scenario,
    about,
    file,
    variants,
    seedsToPass,
    chapters: chapters.map(({ at, title, notes = null }) => ({ atMs: warmUpMs + at, title, notes })),
    facts,
  };
}
