// Text in lines of a given width.

/** What could move a cursor or change a colour has no place in a name or a message. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001F\u007F-\u009F]+/g, " ");
}

/** Words in lines of at most `width` characters; later lines hang by `indent`. A word longer than a line has one of its own. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  // A number and its per cent sign stay together.
  for (const word of plain(text).split(/ +(?![ %])/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width || line === "") line = longer;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line];
}

/** Cut to `width` characters, with an ellipsis where something is missing. */
export function cut(text: string, width: number): string {
  const whole = plain(text);
  return whole.length <= width ? whole : `${whole.slice(0, Math.max(0, width - 1)).trimEnd()}…`;
}
