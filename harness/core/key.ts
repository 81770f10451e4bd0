// Randomness by key: a draw is a pure function of a 64-bit key and a salt, not a position in a stream. So the same
// request draws the same numbers in every variant of a run, and what one draw costs or skips moves no other.
//
// A key is two int32 words (high, low). A child key or a draw absorbs salt, high and low into 32 bits of state, with a
// full avalanche after each word; the three outputs differ by the seed of that state. The avalanche is the two-multiply
// mixer with the lowest known bias found by C. Wellons' hash prospector (0x21f0aaad, 0xd35a2d97; bias 0.107).
// Hot: int32 arithmetic only, nothing allocated. The outputs are part of the recording format and must never change.

const SEED_OF_HIGH = 0x5851f42d;
const SEED_OF_LOW = 0x14057b7e;
const SEED_OF_BITS = 0x2545f491;
const SEED_OF_TEXT = 0x41c64e6d;

/** The key word (int32) of a name, such as a service's or a purpose's. Compute it once, outside hot paths. */
export function hashText(text: string): number {
  let state = SEED_OF_TEXT ^ text.length;
  for (let i = 0; i < text.length; i++) state = avalanche(state ^ text.charCodeAt(i));
  return avalanche(state ^ SEED_OF_BITS);
}

/** The high word (int32) of the child key that `salt` names. */
export function mixHigh(high: number, low: number, salt: number): number {
  return avalanche(avalanche(avalanche(salt ^ SEED_OF_HIGH) ^ high) ^ low);
}

/** The low word (int32) of the child key that `salt` names. */
export function mixLow(high: number, low: number, salt: number): number {
  return avalanche(avalanche(avalanche(salt ^ SEED_OF_LOW) ^ high) ^ low);
}

/** What a salt that is used for many keys makes of the state of `mixHigh`, `mixLow` and `bits`: compute it once. */
export function highState(salt: number): number {
  return avalanche(salt ^ SEED_OF_HIGH);
}
export function lowState(salt: number): number {
  return avalanche(salt ^ SEED_OF_LOW);
}
export function bitsState(salt: number): number {
  return avalanche(salt ^ SEED_OF_BITS);
}

/** `mixHigh`, `mixLow` or `bits` (as int32) at this key, of the salt that the state was made of. */
export function mixState(state: number, high: number, low: number): number {
  return avalanche(avalanche(state ^ high) ^ low);
}

/** 32 random bits (uint32): the draw of purpose `salt` at this key. */
export function bits(high: number, low: number, salt: number): number {
  return avalanche(avalanche(avalanche(salt ^ SEED_OF_BITS) ^ high) ^ low) >>> 0;
}

/** Uniform in the open interval (0, 1), on the odd multiples of 2⁻³³. */
export function unit(high: number, low: number, salt: number): number {
  return (bits(high, low, salt) + 0.5) * 2.3283064365386962890625e-10;
}

/** A bijection of int32 in which flipping one input bit flips each output bit with probability one half. */
function avalanche(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0xd35a2d97);
  return word ^ (word >>> 15);
}
