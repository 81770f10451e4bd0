// log, exp, pow and the normal quantile, the same bits on every machine: `Math.log`, `Math.exp` and `Math.pow` may differ
// between JavaScript engines, while +, −, ×, ÷ and Math.sqrt are exact by IEEE 754. Errors are below 1 ulp.
//
// log, exp and pow port FDLIBM's e_log.c, e_exp.c and e_pow.c, whose sources explain every step. Their notice:
//   Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and
//   distribute this software is freely granted, provided that this notice is preserved.

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const TWO_53 = 9007199254740992;
const TWO_54 = 18014398509481984;
const TWO_64 = 18446744073709551616;
const TWO_1023 = 8.98846567431157953865e307;
const TWO_MINUS_54 = 5.55111512312578270212e-17;
const TWO_MINUS_1000 = 9.3326361850321887899e-302;

const number = new Float64Array(1);
const words = new Int32Array(number.buffer);
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
const LOW = 1 - HIGH;

/** The natural logarithm; NaN below 0, −Infinity at 0. */
export function log(x: number): number {
  number[0] = x;
  let high = words[HIGH]!;
  let k = 0;
  if (high < 0x00100000) {
    if (x === 0) return -Infinity;
    if (high < 0) return NaN;
    k = -54;
    x *= TWO_54;
    number[0] = x;
    high = words[HIGH]!;
  }
  if (high >= 0x7ff00000) return x;
  k += (high >> 20) - 1023;
  high &= 0x000fffff;
  const half = (high + 0x95f64) & 0x100000;
  words[HIGH] = high | (half ^ 0x3ff00000);
  k += half >> 20;
  const f = number[0] - 1;
  if ((0x000fffff & (2 + high)) < 3) {
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
    const r = f * f * (0.5 - 0.33333333333333333 * f);
    return k === 0 ? f - r : k * LN2_HIGH - (r - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const r = odd + even;
  if (((high - 0x6147a) | (0x6b851 - high)) > 0) {
    const halfSquare = 0.5 * f * f;
    if (k === 0) return f - (halfSquare - s * (halfSquare + r));
    return k * LN2_HIGH - (halfSquare - (s * (halfSquare + r) + k * LN2_LOW) - f);
  }
  return k === 0 ? f - s * (f - r) : k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f);
}

// V8 leaves out of compiled code what never ran, and gives up all that it compiled around it when it runs after all. What
// `log` does close to a power of two is needed for one draw in a million: here it runs often enough to be left in.
for (let time = 0; time < 20; time++) for (const x of [0.3, 1, 1.0000004, 1.4, 1.9, 2, 2.0000008]) log(x);

/** e to the power of x; 0 below −745.2, Infinity above 709.8. */
export function exp(x: number): number {
  if (x > 7.09782712893383973096e2) return Infinity;
  if (x < -7.4513321910194110842e2) return 0;
  if (Number.isNaN(x)) return NaN;
  number[0] = x;
  const high = words[HIGH]! & 0x7fffffff;
  let from = 0;
  let rest = 0;
  let k = 0;
  if (high > 0x3fd62e42) {
    const sign = x < 0 ? -1 : 1;
    if (high < 0x3ff0a2b2) {
      k = sign;
      from = x - sign * LN2_HIGH;
      rest = sign * LN2_LOW;
    } else {
      k = Math.trunc(1.442695040888963387 * x + sign * 0.5);
      from = x - k * LN2_HIGH;
      rest = k * LN2_LOW;
    }
    x = from - rest;
  } else if (high < 0x3e300000) return 1 + x;
  const t = x * x;
  const c = x - t * exponentialSeries(t);
  if (k === 0) return 1 - ((x * c) / (c - 2) - x);
  const y = 1 - (rest - (x * c) / (2 - c) - from);
  if (k === 1024) return y * 2 * TWO_1023;
  return k >= -1021 ? y * powerOfTwo(k) : y * powerOfTwo(k + 1000) * TWO_MINUS_1000;
}

/** x to the power of y, with the special cases of ECMAScript's `Math.pow`. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (y === 1 || Number.isNaN(x)) return x;
  if (Number.isNaN(y)) return NaN;
  if (y === 2) return x * x;
  if (y === -1) return 1 / x;
  const isOdd = Math.abs(y) < TWO_53 && y % 2 !== 0 && Number.isInteger(y);
  const sign = isOdd && (x < 0 || Object.is(x, -0)) ? -1 : 1;
  const size = Math.abs(x);
  if (y === Infinity || y === -Infinity) {
    if (size === 1) return NaN;
    return size > 1 === y > 0 ? Infinity : 0;
  }
  if (size === 0 || size === Infinity) return sign * ((size === 0) === y > 0 ? 0 : Infinity);
  if (size === 1) return x === 1 || Number.isInteger(y) ? sign : NaN;
  if (x < 0 && !Number.isInteger(y)) return NaN;
  if (y === 0.5) return Math.sqrt(x);
  if (Math.abs(y) > TWO_64) return sign * (size > 1 === y > 0 ? Infinity : 0);
  return sign * positivePower(size, y);
}

/** The quantile of the standard normal distribution for p in (0, 1): Wichura's algorithm AS 241 (PPND16), 1988. */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_ABOVE, r)) / polynomial(CENTRE_BELOW, r);
  }
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const size =
    r <= 5
      ? polynomial(FLANK_ABOVE, r - 1.6) / polynomial(FLANK_BELOW, r - 1.6)
      : polynomial(TAIL_ABOVE, r - 5) / polynomial(TAIL_BELOW, r - 5);
  return q < 0 ? -size : size;
}

/** FDLIBM's P1 to P5: the rational approximation that exp and pow share. */
function exponentialSeries(t: number): number {
  return (
    1.66666666666666019037e-1 +
    t *
      (-2.77777777770155933842e-3 +
        t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8)))
  );
}

/** 2 to the power of k for −1022 ≤ k ≤ 1023, exact. */
function powerOfTwo(k: number): number {
  words[HIGH] = (0x3ff + k) << 20;
  words[LOW] = 0;
  return number[0]!;
}

/** The number with the low 32 bits of its significand cleared: so a product with another such number is exact. */
function withoutLowWord(x: number): number {
  number[0] = x;
  words[LOW] = 0;
  return number[0];
}

/**
 * x^y for finite x > 0 and finite y: log₂x in two pieces, times y in two pieces, then 2 to that power.
 * FDLIBM's short cut for |y| > 2³¹ is left out: it loses up to ten bits, and the general way does not.
 */
function positivePower(x: number, y: number): number {
  let n = 0;
  number[0] = x;
  if (words[HIGH]! < 0x00100000) {
    number[0] = x * TWO_53;
    n = -53;
  }
  let high = words[HIGH]!;
  n += (high >> 20) - 0x3ff;
  const fraction = high & 0x000fffff;
  high = fraction | 0x3ff00000;
  const isUpper = fraction > 0x3988e && fraction < 0xbb67a;
  if (fraction >= 0xbb67a) {
    n++;
    high -= 0x00100000;
  }
  words[HIGH] = high;
  const ax = number[0];
  const base = isUpper ? 1.5 : 1;
  const u = ax - base;
  const v = 1 / (ax + base);
  const ss = u * v;
  const sHigh = withoutLowWord(ss);
  words[HIGH] = ((high >> 1) | 0x20000000) + 0x00080000 + (isUpper ? 1 << 18 : 0);
  words[LOW] = 0;
  let tHigh = number[0];
  let tLow = ax - (tHigh - base);
  const sLow = v * (u - sHigh * tHigh - sHigh * tLow);
  const square = ss * ss;
  const r = square * square * logarithmSeries(square) + sLow * (sHigh + ss);
  const exactSquare = sHigh * sHigh;
  tHigh = withoutLowWord(3 + exactSquare + r);
  tLow = r - (tHigh - 3 - exactSquare);
  const product = sHigh * tHigh;
  const productRest = sLow * tHigh + tLow * ss;
  const pHigh = withoutLowWord(product + productRest);
  const pLow = productRest - (pHigh - product);
  const zHigh = 9.61796700954437255859e-1 * pHigh;
  const zLow =
    -7.02846165095275826516e-9 * pHigh + pLow * 9.61796693925975554329e-1 + (isUpper ? 1.35003920212974897128e-8 : 0);
  const baseLog = isUpper ? 5.84962487220764160156e-1 : 0;
  const t1 = withoutLowWord(zHigh + zLow + baseLog + n);
  const t2 = zLow - (t1 - n - baseLog - zHigh);
  const yHigh = withoutLowWord(y);
  return powerOfTwoOf(yHigh * t1, (y - yHigh) * t1 + y * t2);
}

/** FDLIBM's L1 to L6: the polynomial for (3/2)·(log(x) − 2s − (2/3)s³) in s². */
function logarithmSeries(s: number): number {
  return (
    5.99999999999994648725e-1 +
    s *
      (4.28571428578550184252e-1 +
        s *
          (3.33333329818377432918e-1 +
            s * (2.72728123808534006489e-1 + s * (2.30660745775561754067e-1 + s * 2.06975017800338417784e-1))))
  );
}

/** 2 to the power of the sum of the two pieces. */
function powerOfTwoOf(high: number, low: number): number {
  let z = low + high;
  if (z > 1024 || (z === 1024 && low + 8.0085662595372944372e-17 > z - high)) return Infinity;
  if (z < -1075 || (z === -1075 && low <= z - high)) return 0;
  number[0] = z;
  const bits = words[HIGH]!;
  let n = 0;
  if ((bits & 0x7fffffff) > 0x3fe00000) {
    n = bits + (0x00100000 >> (((bits & 0x7fffffff) >> 20) - 0x3fe));
    const k = ((n & 0x7fffffff) >> 20) - 0x3ff;
    words[HIGH] = n & ~(0x000fffff >> k);
    words[LOW] = 0;
    high -= number[0];
    n = ((n & 0x000fffff) | 0x00100000) >> (20 - k);
    if (bits < 0) n = -n;
  }
  const t = withoutLowWord(low + high);
  const u = t * 6.93147182464599609375e-1;
  const v = (low - (t - high)) * 6.93147180559945286227e-1 + t * -1.90465429995776804525e-9;
  z = u + v;
  const w = v - (z - u);
  const square = z * z;
  const t1 = z - square * exponentialSeries(square);
  z = 1 - ((z * t1) / (t1 - 2) - (w + z * w) - z);
  if (n < -1020) return z * powerOfTwo(n + 54) * TWO_MINUS_54;
  return n > 1023 ? z * 2 * powerOfTwo(n - 1) : z * powerOfTwo(n);
}

// AS 241: coefficients of the numerators and denominators, constant term first.
const CENTRE_ABOVE = [
  3.387132872796366608, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
  4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
];
const CENTRE_BELOW = [
  1, 4.2313330701600911252e1, 6.871870074920579083e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
  3.930789580009271061e4, 2.8729085735721942674e4, 5.226495278852854561e3,
];
const FLANK_ABOVE = [
  1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258,
  2.4178072517745061177e-1, 2.27238449892691845833e-2, 7.7454501427834140764e-4,
];
const FLANK_BELOW = [
  1, 2.05319162663775882187, 1.6763848301838038494, 6.8976733498510000455e-1, 1.4810397642748007459e-1,
  1.51986665636164571966e-2, 5.475938084995344946e-4, 1.05075007164441684324e-9,
];
const TAIL_ABOVE = [
  6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 2.9656057182850489123e-1,
  2.6532189526576123093e-2, 1.2426609473880784386e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
];
const TAIL_BELOW = [
  1, 5.9983220655588793769e-1, 1.3692988092273580531e-1, 1.48753612908506148525e-2, 7.868691311456132591e-4,
  1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
];

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}
