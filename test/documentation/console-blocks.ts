// What a document shows of the command line: its ```console blocks, each a `$ command` with what it prints.

const PROMPT = "$ npx firebreak ";
const BLOCK = /^```console\n(.*?)^```$/gms;

/** The arguments of each command, in the order of the document. */
export function commandsShown(markdown: string): string[][] {
  return [...markdown.matchAll(BLOCK)].flatMap(([, block]) => promptsOf(block!).map(argumentsOf));
}

/** The files that a document shows: ```yaml blocks whose first line is `# name.yaml`. */
export function filesShown(markdown: string): Record<string, string> {
  const blocks = markdown.matchAll(/^```yaml\n(# (\S+\.yaml)\n.*?)^```$/gms);
  return Object.fromEntries([...blocks].map(([, text, name]) => [name!, text!]));
}

/** The document with what its commands really print, one text per command; where a run is kept, and its digest, are left out. */
export function withPrinted(markdown: string, printed: readonly string[]): string {
  const left = [...printed];
  return markdown.replaceAll(BLOCK, (_whole, block: string) => {
    const commands = promptsOf(block).map((prompt) => `${prompt}\n${settled(left.shift()!)}`);
    return `\`\`\`console\n${commands.join("\n")}\`\`\``;
  });
}

/** What a document shows of one command that prints too much: the pieces between lines that say only `…`. */
export function piecesShown(markdown: string): string[] {
  return [...markdown.matchAll(BLOCK)].flatMap(([, block]) => {
    const [, ...lines] = block!.trimEnd().split("\n");
    return lines.join("\n").split(/^…$/m);
  });
}

function promptsOf(block: string): string[] {
  return block.split("\n").filter((line) => line.startsWith(PROMPT));
}

function argumentsOf(prompt: string): string[] {
  return prompt.slice(PROMPT.length).split(" ");
}

function settled(printed: string): string {
  const steady = printed
    .replaceAll(/^recordings: .*$/gm, "recordings: …")
    .replaceAll(/sha256 [0-9a-f]{64}/g, "sha256 …");
  return `${steady.trimEnd()}\n`;
}
