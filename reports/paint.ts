// Colour for terminals, never the only bearer of a meaning: what is coloured also has a word or a shape.

export type Shade = "good" | "bad" | "doubtful" | "title" | "faint";

/** SGR codes: blue and orange-red instead of green and red, which many people cannot tell apart. */
const CODES: Readonly<Record<Shade, readonly [string, string]>> = {
  good: ["36", "39"],
  bad: ["1;31", "22;39"],
  doubtful: ["33", "39"],
  title: ["1", "22"],
  faint: ["2", "22"],
};

export type Paint = (text: string, shade: Shade) => string;

export function painter(hasColor: boolean): Paint {
  if (!hasColor) return (text) => text;
  return (text, shade) => `\u001B[${CODES[shade][0]}m${text}\u001B[${CODES[shade][1]}m`;
}
