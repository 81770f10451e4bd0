// A mistake in YAML itself, in words for those who write scenarios: the parser speaks to programmers here and there.
import type { ErrorCode, YAMLError } from "yaml";
import type { Code } from "../core/codes.ts";
import { bracketSlip } from "./bracket-slip.ts";

export interface YamlSlip {
  readonly code: Code;
  /** Offsets of the characters to look at. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly hint: string | null;
}

/** What the parser's first error in `text` comes from. */
export function yamlSlip(text: string, { code, pos: [from, to], message }: YAMLError): YamlSlip {
  if (code === "RESOURCE_EXHAUSTION")
    return { code: "too-deep", from, to, message: "nested too deeply to be read", hint: null };
  const bracket = code === "MULTIPLE_DOCS" ? null : bracketSlip(text);
  if (bracket !== null && bracket.from <= from) return { code: "bad-yaml", ...bracket };
  const words = WORDS[code] ?? { message: message.replace(/\s+/g, " "), hint: null };
  return { code: "bad-yaml", from, to, ...words };
}

const WORDS: Partial<Readonly<Record<ErrorCode, Pick<YamlSlip, "message" | "hint">>>> = {
  MULTIPLE_DOCS: { message: "the file holds more than one document", hint: "take out the line `---`" },
  TAB_AS_INDENT: { message: "tabs do not indent", hint: "indent with spaces" },
  BAD_INDENT: { message: "this is indented neither as what it belongs to, nor as a part of it", hint: "line it up" },
  BLOCK_AS_IMPLICIT_KEY: {
    message: "a second `key:` begins in one line",
    hint: "put a text with a colon in quotes, and a map on lines of its own or in `{ }`",
  },
  BLOCK_IN_FLOW: { message: "inside `{ }` and `[ ]`, indentation makes no maps and lists", hint: "is a `,` missing?" },
  UNEXPECTED_TOKEN: { message: "this cannot stand here", hint: "is a quote, a bracket or a `,` missing before it?" },
  MISSING_CHAR: { message: "something is missing before this", hint: "is it a space, a `,` or a `:`?" },
  MULTILINE_IMPLICIT_KEY: { message: "this is neither a key with its `:` nor a value", hint: "is a `:` missing?" },
};
