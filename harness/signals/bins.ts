// Log-linear latency bins: 7 mantissa bits per power of two, read off the double's high word. Relative
// error below 0.8 %. Range 1 µs to 2^22 ms; what lies outside falls into the first or the last bin.

/** Bins per power of two, of which there are 32. */
export const BINS_PER_OCTAVE = 128;
const LOWEST_EXPONENT = -10;
const HIGHEST_EXPONENT = 22;
export const BIN_COUNT = (HIGHEST_EXPONENT - LOWEST_EXPONENT) * BINS_PER_OCTAVE;
/** Words of 32 bits, a bit for each bin. */
export const BIN_WORDS = BIN_COUNT / 32;

const OFFSET = (1023 + LOWEST_EXPONENT) * BINS_PER_OCTAVE;
const asDouble = new Float64Array(1);
const asWords = new Uint32Array(asDouble.buffer);
/** Index of the word that holds sign, exponent and upper mantissa. */
const HIGH_WORD = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Below this the bin can be read off an integer, which spares the way through memory. */
const SHORT_MS = 0x4000;
/** 7 bits more than the lowest power of two: 2¹⁷. */
const UNITS_PER_MS = 0x20000;

/** The bin of a latency in milliseconds. */
export function binOf(latencyMs: number): number {
  if (latencyMs < SHORT_MS) {
    const units = (latencyMs * UNITS_PER_MS) | 0;
    const octave = 24 - Math.clz32(units);
    return octave < 0 ? 0 : (octave << 7) + (units >>> octave) - BINS_PER_OCTAVE;
  }
  return binOfLong(latencyMs);
}

function binOfLong(latencyMs: number): number {
  asDouble[0] = latencyMs;
  const bin = (asWords[HIGH_WORD]! >>> 13) - OFFSET;
  return bin < BIN_COUNT ? bin : BIN_COUNT - 1;
}

/** The bit that stands for a bin's power of two: the lowest for the lowest. */
export function octaveBit(bin: number): number {
  return 1 << (bin >> 7);
}

/** The middle of a bin in milliseconds: what a quantile falling into it reports. */
export function binMiddleMs(bin: number): number {
  asWords[0] = 0;
  asWords[1] = 0;
  asWords[HIGH_WORD] = ((bin + OFFSET) << 13) | 0x1000;
  return asDouble[0]!;
}
