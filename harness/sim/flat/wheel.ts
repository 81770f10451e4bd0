// The tasks of the next 128 ms, where there are more than a few: a ring of slots, each an eighth of a millisecond, and in
// each its strands in order. Where a heap of a hundred asks four times which of four is the least, and is mostly guessed
// wrong, this asks once. What lies further ahead, or in a crowded slot, belongs to the heap (tasks.ts). Hot code.
import * as STRAND from "./fields/strand.ts";
import * as STRAND_REAL from "./fields/strand-real.ts";
import { NONE, REAL_SHIFT } from "./fields/widths.ts";
import { CLOCK, COUNT, INT, NOW, REAL, WHEEL_FIRST, WHEEL_SLOTS, WHEEL_WORDS } from "./memory.ts";

const SLOTS_PER_MS = 8;
/** 1024 slots: 32 words of 32 bits, which say where somebody is, and a word that says in which word. */
const SLOT_MASK = 1023;
const SUMMARY = 32;
/** Slots are counted in 31 bits: 74 hours. */
const END_MS = 0x7fffffff / SLOTS_PER_MS;
/** So many strands of a slot are passed by in search of a place; constant times could put thousands into one. */
const MOST_PASSED = 8;
/** A strand in slot n has the place IN_WHEEL - n: no place in the heap, and not NONE. */
const IN_WHEEL = -2;

/** Adds a strand that is done at `ms`, unless that is too far ahead or too crowded. Its rank and order are set. */
export function tryAddToWheel(strand: number, ms: number): boolean {
  if (ms >= END_MS) return false;
  const tick = (ms * SLOTS_PER_MS) | 0;
  if (tick - ((CLOCK[NOW]! * SLOTS_PER_MS) | 0) > SLOT_MASK) return false;
  const slot = tick & SLOT_MASK;
  let previous: number = NONE;
  let next = WHEEL_SLOTS[slot]!;
  for (let passed = 0; next !== NONE && !isBefore(ms, strand, next); passed++) {
    if (passed === MOST_PASSED) return false;
    previous = next;
    next = INT[next + STRAND.wheelNext]!;
  }
  INT[strand + STRAND.wheelPrevious] = previous;
  INT[strand + STRAND.wheelNext] = next;
  if (next !== NONE) INT[next + STRAND.wheelPrevious] = strand;
  if (previous !== NONE) INT[previous + STRAND.wheelNext] = strand;
  else {
    WHEEL_SLOTS[slot] = strand;
    WHEEL_WORDS[slot >> 5]! |= 1 << slot;
    WHEEL_WORDS[SUMMARY]! |= 1 << (slot >> 5);
  }
  REAL[(strand >> REAL_SHIFT) + STRAND_REAL.dueMs] = ms;
  INT[strand + STRAND.place] = IN_WHEEL - slot;
  const first = COUNT[WHEEL_FIRST]!;
  if (first === NONE || isBefore(ms, strand, first)) COUNT[WHEEL_FIRST] = strand;
  return true;
}

/** Takes a strand out that is in it. */
export function removeFromWheel(strand: number): void {
  const slot = IN_WHEEL - INT[strand + STRAND.place]!;
  const previous = INT[strand + STRAND.wheelPrevious]!;
  const next = INT[strand + STRAND.wheelNext]!;
  if (next !== NONE) INT[next + STRAND.wheelPrevious] = previous;
  if (previous !== NONE) INT[previous + STRAND.wheelNext] = next;
  else {
    WHEEL_SLOTS[slot] = next;
    if (next === NONE) {
      const left = WHEEL_WORDS[slot >> 5]! & ~(1 << slot);
      WHEEL_WORDS[slot >> 5] = left;
      if (left === 0) WHEEL_WORDS[SUMMARY]! &= ~(1 << (slot >> 5));
    }
  }
  INT[strand + STRAND.place] = NONE;
  if (COUNT[WHEEL_FIRST] === strand) COUNT[WHEEL_FIRST] = next !== NONE ? next : firstFrom(slot);
}

/** The first strand of the first slot that has any, of those from this one around the ring; NONE = the wheel is empty. */
function firstFrom(slot: number): number {
  let word = slot >> 5;
  let bits = WHEEL_WORDS[word]! & (-1 << slot);
  if (bits === 0) {
    const words = WHEEL_WORDS[SUMMARY]!;
    if (words === 0) return NONE;
    // Above bit 31 there is nothing, and a shift by 32 would be one by 0.
    const further = words & (-2 << word);
    word = lowest(further !== 0 ? further : words);
    bits = WHEEL_WORDS[word]!;
  }
  return WHEEL_SLOTS[(word << 5) + lowest(bits)]!;
}

/** The number of the lowest bit that is set. */
function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** Whether a strand that is done at `ms` comes before one that is in the wheel. */
function isBefore(ms: number, strand: number, other: number): boolean {
  const otherMs = REAL[(other >> REAL_SHIFT) + STRAND_REAL.dueMs]!;
  return ms < otherMs || (ms === otherMs && precedes(strand, other));
}

/** Among equal times: the lower rank first, then who was added first. */
export function precedes(a: number, b: number): boolean {
  const ranks = INT[a + STRAND.rank]! - INT[b + STRAND.rank]!;
  return ranks < 0 || (ranks === 0 && ((INT[a + STRAND.taskOrder]! - INT[b + STRAND.taskOrder]!) | 0) < 0);
}
