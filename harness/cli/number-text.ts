// Numbers as people read them: three significant digits, ratios as percentages.

export function percentText(ratio: number): string {
  return `${numberText(ratio * 100)} %`;
}

/** At most three significant digits, never an exponent. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
