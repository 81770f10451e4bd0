// The command that was typed, so that it can be typed again.

export function commandLine(): string {
  return ["npx firebreak", ...process.argv.slice(2).map(quoted)].join(" ");
}

/** For a shell: quoted only where it must be. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
