// The hint of an unknown name: the nearest known one, or all of them where they are few.
import { nearest } from "./nearest.ts";

/** "did you mean", or the candidates where there are at most twelve, or null. */
export function suggest(unknown: string, candidates: Iterable<string>): string | null {
  const known = [...candidates];
  const close = nearest(unknown, known);
  if (close !== null) return `did you mean \`${close}\`?`;
  return known.length > 0 && known.length <= 12 ? `there is ${known.map((name) => `\`${name}\``).join(", ")}` : null;
}
