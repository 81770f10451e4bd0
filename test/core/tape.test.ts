import fc from "fast-check";
import { expect, test } from "vitest";
import { readTapeText, taped, tapedPort, tapeText } from "../../harness/core/tape.ts";
import type { TapeLine } from "../../harness/core/tape.ts";

interface Port {
  say(sum: number): void;
}

class Adder {
  readonly #port: Port;
  #sum = 0;
  constructor(port: Port) {
    this.#port = port;
  }
  get sum(): number {
    return this.#sum;
  }
  add(value: number): number {
    this.#sum += value;
    this.#port.say(this.#sum);
    return this.#sum;
  }
  look(): number {
    return this.#sum;
  }
}

test("inputs, what the port hears, and what is returned are on the tape in order; queries are not", () => {
  const tape: TapeLine[] = [];
  const heard: number[] = [];
  const onTape = { write: (line: TapeLine) => void tape.push(line) };
  const port = tapedPort(onTape, "a", { say: (sum: number) => void heard.push(sum) });
  const adder = taped(onTape, "a", new Adder(port), ["add"]);
  expect([adder.add(2), adder.look(), adder.sum, adder.add(3)]).toEqual([2, 2, 2, 5]);
  expect(heard).toEqual([2, 5]);
  expect(tape).toEqual([
    ["tell", "a", "add", [2]],
    ["answer", "a", "say", [2]],
    ["answer", "a", "add", [2]],
    ["tell", "a", "add", [3]],
    ["answer", "a", "say", [5]],
    ["answer", "a", "add", [5]],
  ]);
});

test("every number comes back from a line as it was, to the last bit", () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (numbers) => {
      const line: TapeLine = ["tell", "a", "add", [...numbers, Infinity, -Infinity, Number.NaN, -0]];
      const text = tapeText(line);
      expect(text).not.toContain("\n");
      expect(readTapeText(text)).toStrictEqual(line);
    }),
  );
});
