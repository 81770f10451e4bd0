// Finds what comes along with Firebreak: package.json, and the scenarios.

/** Where a file lies, given its path in the repository: in the clone, or in the installed package. */
export function packageFile(path: string): URL {
  // Compiled, everything lies one folder deeper, in dist/.
  const root = import.meta.url.endsWith(".ts") ? "../.." : "../../..";
  return new URL(`${root}/${path}`, import.meta.url);
}
