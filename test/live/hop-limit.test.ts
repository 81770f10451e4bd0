import { expect, test } from "vitest";
import { EngineFailure } from "../../harness/engine/engine.ts";
import { checkHopRate } from "../../harness/live/hop-limit.ts";

test("what two cores carry in comfort passes without a word", () => {
  expect(checkHopRate(3_000, 1, 2)).toBeNull();
});

test("above that the reader is warned, and told the scale that fits", () => {
  expect(checkHopRate(6_000, 0.5, 2)).toBe(
    "the plan asks for 6000 requests per second between its processes; above 3000 this machine adds delays of its own (a scale of 25% fits)",
  );
});

test("what cannot be carried is refused, with the scale that would fit", () => {
  let failure: unknown;
  try {
    checkHopRate(40_000, 0.1, 2);
  } catch (error) {
    failure = error;
  }
  expect(failure).toBeInstanceOf(EngineFailure);
  expect(failure).toMatchObject({ code: "does-not-fit", hint: "run it with --scale 0.75%" });
});

test("the scale that is named really fits, and more cores carry more", () => {
  for (const hops of [8_001, 12_345, 99_999, 1_234_567]) {
    let hint = "";
    try {
      checkHopRate(hops, 1, 2);
    } catch (error) {
      hint = (error as EngineFailure).hint!;
    }
    const scale = Number(/--scale ([\d.]+)%/.exec(hint)![1]) / 100;
    expect(checkHopRate(hops * scale, scale, 2)).toBeNull();
    expect(() => checkHopRate(8_001, 1, 4)).not.toThrow();
  }
});
