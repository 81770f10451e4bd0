// What the strategy and the people did, and when, beside what users felt.
import type { VariantResult } from "../harness/verdict/result.ts";
import type { Paint } from "./paint.ts";
import { clock, percent } from "./wording.ts";
import { wrap } from "./wrap.ts";

/** A longer story is told by its beginning and its end. */
const SHOWN = 16;

/** Indented lines, or none where nothing happened. Warnings have a place of their own, in full. */
export function story(variant: VariantResult, columns: number, paint: Paint): string[] {
  const entries = gathered(
    variant.rollout.filter(
      ({ atMs, event }) => atMs >= 0 && !variant.warnings.some((one) => event === `warning: ${one.message}`),
    ),
  );
  if (entries.length === 0) return [];
  const felt = new Map(variant.actions.map((action) => [`${action.atMs} ${action.do}`, action]));
  const lines = entries.map(({ atMs, event }) => {
    const action = felt.get(`${atMs} ${event.split(" ")[0]}`);
    const users =
      action === undefined ? "" : `  bad ${percent(action.badBefore)} before, ${percent(action.badAfter)} after`;
    const text = wrap(event, columns - 10 - users.length);
    return text.map((line, row) => {
      const lead = row === 0 ? clock(atMs).padStart(6) : " ".repeat(6);
      return `  ${lead}  ${line}${row === text.length - 1 ? users : ""}`;
    });
  });
  return [`  ${paint("What was done", "title")}`, ...shortened(lines)];
}

type Entry = VariantResult["rollout"][number];

/** A weight, as verdict/story.ts words it: the share, and whose. */
const WEIGHT = /^([\d.]+) % of (.+ to .+)$/;

/** Many small steps of one weight in a row are one step: `10 % to 100 % of back to v2, until 1:27`. */
function gathered(entries: readonly Entry[]): Entry[] {
  const rows: Entry[][] = [];
  for (const entry of entries) {
    const row = rows.at(-1);
    const whose = WEIGHT.exec(entry.event)?.[2];
    if (row !== undefined && whose !== undefined && WEIGHT.exec(row[0]!.event)?.[2] === whose) row.push(entry);
    else rows.push([entry]);
  }
  return rows.flatMap((row) => {
    if (row.length <= 2) return row;
    const [, from, whose] = WEIGHT.exec(row[0]!.event)!;
    const last = row.at(-1)!;
    const event = `${from} % to ${WEIGHT.exec(last.event)![1]} % of ${whose}, until ${clock(last.atMs)}`;
    return [{ atMs: row[0]!.atMs, event }];
  });
}

/** `entries` are the lines of each. */
function shortened(entries: readonly (readonly string[])[]): string[] {
  if (entries.length <= SHOWN) return entries.flat();
  const head = SHOWN / 2;
  const left = entries.length - SHOWN + 1;
  return [
    ...entries.slice(0, head).flat(),
    `          … ${left} more, all in the recording …`,
    ...entries.slice(-(SHOWN - head - 1)).flat(),
  ];
}
