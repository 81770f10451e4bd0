// Numbers as people read them: three significant digits, ratios as percentages.

export function percentText(ratio: number): string {
  return `${numberText(ratio * 100)} %`;
}

/** Of a ratio that somebody chose: `99.95 %`, never 100 % where it is not quite so. */
export function shareText(ratio: number): string {
  if (ratio <= 0.99 || ratio >= 1) return percentText(ratio);
  const missing = Number(((1 - ratio) * 100).toPrecision(3));
  return `${Number((100 - missing).toPrecision(12))} %`;
}

/** At most three significant digits, never an exponent. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
