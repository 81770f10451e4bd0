// A tape: what machines were told, and what they answered, in order. Told the same again, they must answer the same;
// whoever makes machines puts one wrapper around what goes in and one around the port by which answers come out.
//
//   caller ── tell ──► taped(machine) ──► machine ──► tapedPort(port) ── answer ──► port
//                            └───────────► tape ◄──────────┘

export interface Tape {
  write(line: TapeLine): void;
}

/** `machine` is the name of one machine; a machine is made, then told; what follows up to the next tell are its answers. */
export type TapeLine =
  | readonly ["plan", unknown]
  | readonly ["make", machine: string, kind: string, details: unknown]
  | readonly ["tell", machine: string, method: string, given: readonly unknown[]]
  | readonly ["answer", machine: string, method: string, given: readonly unknown[]];

/** The machine, with every call of one of `inputs` on the tape, and what it returns. */
export function taped<Machine extends object>(
  tape: Tape,
  name: string,
  machine: Machine,
  inputs: readonly (keyof Machine)[],
): Machine {
  return wrapped(machine, (method, call) => {
    if (!inputs.includes(method as keyof Machine)) return call;
    return (...given) => {
      tape.write(["tell", name, method, given]);
      const returned = call(...given);
      if (returned !== undefined) tape.write(["answer", name, method, [returned]]);
      return returned;
    };
  });
}

/** The port of a machine, with every call on the tape. `said` makes data of what is given where it is none. */
export function tapedPort<Port extends object>(
  tape: Tape,
  name: string,
  port: Port,
  said: (method: string, given: readonly unknown[]) => readonly unknown[] = (_method, given) => given,
): Port {
  return wrapped(port, (method, call) => (...given) => {
    tape.write(["answer", name, method, said(method, given)]);
    return call(...given);
  });
}

/** One line of JSON. Numbers that JSON does not know are written as text. */
export function tapeText(line: TapeLine): string {
  return JSON.stringify(line, (_key, value: unknown) => {
    if (typeof value !== "number" || (Number.isFinite(value) && !Object.is(value, -0))) return value;
    return `#${Object.is(value, -0) ? "-0" : value}`;
  });
}

export function readTapeText(text: string): TapeLine {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === "string" && /^#(-?Infinity|NaN|-0)$/.test(value) ? Number(value.slice(1)) : value,
  ) as TapeLine;
}

type Method = (...given: unknown[]) => unknown;

function wrapped<Target extends object>(target: Target, around: (method: string, call: Method) => Method): Target {
  const methods = new Map<string | symbol, Method>();
  return new Proxy(target, {
    get(_target, name) {
      const known = methods.get(name);
      if (known !== undefined) return known;
      // Private fields are the target's own, so it and not the wrapper is `this`.
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || typeof name === "symbol") return value;
      const method = around(name, (...given) => Reflect.apply(value, target, given) as unknown);
      methods.set(name, method);
      return method;
    },
  });
}
