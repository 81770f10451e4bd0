// A step of the bundle: functions of hot modules become constants, `const f = function …` for `function f …`. A declared
// function may be replaced at any time, so V8 checks at every call that it puts into another function whether that was
// done; a constant needs no check, and the simulator does with a tenth less. The sources keep their plain declarations.
import type { Plugin } from "rolldown";

/**
 * `isHot`: by a module's path. Such a module calls none of its own functions while it is loaded before they are
 * declared, or it fails to load.
 */
export function constantFunctions(isHot: (path: string) => boolean): Plugin {
  return {
    name: "constant-functions",
    transform(code, path) {
      return isHot(path) ? asConstants(code, this.parse(code, { lang: "ts" }).body) : null;
    },
  };
}

type Statement = ReturnType<
  ThisParameterType<Extract<Plugin["transform"], (...of: never[]) => unknown>>["parse"]
>["body"][number];

function asConstants(code: string, statements: readonly Statement[]): string {
  let constant = "";
  let done = 0;
  for (const statement of statements) {
    const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declared?.type !== "FunctionDeclaration" || declared.async || declared.generator || declared.id === null)
      continue;
    constant += `${code.slice(done, declared.start)}const ${declared.id.name} = function${code.slice(declared.id.end, declared.end)};`;
    done = declared.end;
  }
  return constant + code.slice(done);
}
