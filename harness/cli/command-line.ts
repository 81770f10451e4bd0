// The command that was typed, so that it can be typed again.

/**
 * Repeats the run of one `file` among those of `args` (a command's name, files, options). `valued` are the
 * options that take a value as the next argument: nothing else tells a value from a file.
 */
export function commandFor(file: string, args: readonly string[], valued: ReadonlySet<string>): string {
  const words: string[] = [];
  let hasFile = false;
  for (let index = 0; index < args.length; index++) {
    const word = args[index]!;
    if (word === "--") break;
    if (index === 0 || word.startsWith("-")) {
      words.push(word);
      if (valued.has(word) && index + 1 < args.length) words.push(args[++index]!);
    } else if (!hasFile) {
      hasFile = true;
      words.push(file);
    }
  }
  if (!hasFile) words.push(file);
  return ["npx firebreak", ...words.map(quoted)].join(" ");
}

/** For a shell: quoted only where it must be. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
