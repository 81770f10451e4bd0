// The histograms of a bucket as text: most of a recording is histograms, and as lists of numbers they take seven times as
// much space and time. A row `[row, bin, count, bin, count, …]` becomes `[row, text]`. Hot code.
//
// The text is a sequence of whole numbers in digits of the base64 alphabet, five bits each, the lowest first, with 32
// added to each digit but a number's last (as in source maps, without a sign). Per bin: twice its distance from the bin
// before it (from 0 at first), plus one where its count is above 1; then that count.
import { assert } from "../core/assert.ts";
import { BIN_COUNT } from "../signals/bins.ts";
import type { SparseBins } from "../signals/bucket.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CODES = Uint8Array.from(ALPHABET, (digit) => digit.charCodeAt(0));
const DIGITS = new Int8Array(128).fill(-1);
CODES.forEach((code, digit) => (DIGITS[code] = digit));

const MORE = 32;
/** The digits of a distance, and of a count below 2³². */
const MOST_OF_DISTANCE = 3;
const MOST_OF_COUNT = 7;
const text = Buffer.alloc(BIN_COUNT * (MOST_OF_DISTANCE + MOST_OF_COUNT));
/** What the digit behind the last of them would weigh: 2³⁵. */
const TOO_HEAVY = 34_359_738_368;

export type PackedBins = readonly (readonly [row: number, text: string])[];

export function packBins(rows: SparseBins): PackedBins {
  return rows.map((row) => [row[0]!, pack(row)]);
}

/** null where it is not what `packBins` gives. */
export function unpackBins(packed: unknown): SparseBins | null {
  if (!Array.isArray(packed)) return null;
  const rows: number[][] = [];
  for (const entry of packed as readonly unknown[]) {
    if (!Array.isArray(entry) || entry.length !== 2) return null;
    const [index, digits] = entry as readonly unknown[];
    if (typeof index !== "number" || typeof digits !== "string") return null;
    const row = [index];
    if (!unpack(digits, row)) return null;
    rows.push(row);
  }
  return rows;
}

function pack(row: readonly number[]): string {
  let end = 0;
  let previous = 0;
  for (let at = 1; at < row.length; at += 2) {
    const bin = row[at]!;
    const count = row[at + 1]!;
    assert(bin >= previous, "the bins of a row ascend");
    const isMany = count > 1;
    end = write(2 * (bin - previous) + (isMany ? 1 : 0), end);
    if (isMany) end = write(count, end);
    previous = bin;
  }
  return text.toString("latin1", 0, end);
}

/** Returns where the next number goes. */
function write(number: number, from: number): number {
  let rest = number;
  let at = from;
  for (; rest >= MORE; rest >>>= 5) text[at++] = CODES[(rest & 31) | MORE]!;
  text[at++] = CODES[rest]!;
  return at;
}

/**
 * Appends bins and counts; false where the text is not whole, a number has too many digits, or the bins do not ascend
 * within those that there are: a file may come from anywhere, and so a row never grows beyond that of all bins.
 */
function unpack(digits: string, into: number[]): boolean {
  let bin = 0;
  let number = 0;
  let weight = 1;
  let isCount = false;
  for (let at = 0; at < digits.length; at++) {
    const digit = DIGITS[digits.charCodeAt(at)] ?? -1;
    if (digit === -1) return false;
    number += (digit % MORE) * weight;
    weight *= MORE;
    if (digit >= MORE) {
      if (weight === TOO_HEAVY) return false;
      continue;
    }
    if (isCount) into.push(number);
    else {
      bin += Math.floor(number / 2);
      if (bin >= BIN_COUNT || (number < 2 && into.length > 1)) return false;
      into.push(bin);
      if (number % 2 === 0) into.push(1);
    }
    isCount = !isCount && number % 2 === 1;
    number = 0;
    weight = 1;
  }
  return !isCount && weight === 1;
}
