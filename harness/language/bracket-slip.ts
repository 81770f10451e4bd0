// The first bracket or quote of a YAML text that has no other half. The parser notices that later, in the middle of what
// is right, and stumbles on; the slip itself is what its writer has to find.
import { Lexer } from "yaml";

export interface BracketSlip {
  /** Offsets of the characters to look at. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly hint: string;
}

/** The lexer's marks, which stand for no text: see https://eemeli.org/yaml/#lexer. */
const FLOW_ENDS_BY_INDENTATION = "\u0018";
const SCALAR_FOLLOWS = "\u001F";
const DOCUMENT_BEGINS = "\u0002";

const CLOSING: Readonly<Record<string, string>> = { "{": "}", "[": "]" };
const OPENING: Readonly<Record<string, string>> = { "}": "{", "]": "[" };

/** Null where every bracket and quote has its other half. */
export function bracketSlip(text: string): BracketSlip | null {
  const open: { readonly at: number; readonly bracket: string }[] = [];
  let offset = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (token === SCALAR_FOLLOWS) {
      isScalar = true;
      continue;
    }
    if (token === DOCUMENT_BEGINS) continue;
    if (token === FLOW_ENDS_BY_INDENTATION) break;
    if (!isScalar) {
      const top = open.at(-1);
      if (Object.hasOwn(CLOSING, token)) open.push({ at: offset, bracket: token });
      else if (Object.hasOwn(OPENING, token)) {
        if (top === undefined) return surplus(offset, token);
        if (CLOSING[top.bracket] !== token) return crossed(offset, token, top.bracket);
        open.pop();
      } else if (isOpenQuote(token)) return unclosed(offset, token[0]!, token[0]!);
    }
    isScalar = false;
    offset += token.length;
  }
  const last = open.at(-1);
  return last === undefined ? null : unclosed(last.at, last.bracket, CLOSING[last.bracket]!);
}

function isOpenQuote(token: string): boolean {
  const quote = token[0];
  if (quote !== '"' && quote !== "'") return false;
  if (token.length === 1 || !token.endsWith(quote)) return true;
  // A text ends in its quote unless that is escaped: by a backslash, or by being the second of a pair of single ones.
  const escape = quote === '"' ? "\\" : "'";
  let at = token.length - 2;
  while (at > 0 && token[at] === escape) at--;
  return (token.length - 2 - at) % 2 === 1;
}

function unclosed(at: number, opening: string, closing: string): BracketSlip {
  return {
    from: at,
    to: at + 1,
    message: `this \`${opening}\` is never closed`,
    hint: `write \`${closing}\` where it ends`,
  };
}

function crossed(at: number, closing: string, opening: string): BracketSlip {
  return {
    from: at,
    to: at + 1,
    message: `a \`${CLOSING[opening]}\` is missing before this \`${closing}\``,
    hint: `the last \`${opening}\` is still open here`,
  };
}

function surplus(at: number, closing: string): BracketSlip {
  return {
    from: at,
    to: at + 1,
    message: `this \`${closing}\` closes nothing`,
    hint: `take it out, or write the \`${OPENING[closing]}\` that it closes`,
  };
}
