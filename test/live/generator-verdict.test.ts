import { expect, test } from "vitest";
import { judgeGenerator } from "../../harness/live/generator-verdict.ts";
import { SendErrors } from "../../harness/live/send-errors.ts";

/** `late` requests of a thousand left this late, the others at once. */
function figures(late: number, lateMs: number, dropped = 0) {
  const errors = new SendErrors();
  for (let request = 0; request < 1_000; request++) errors.sent(100, request < late ? 100 + lateMs : 100.1);
  for (let drop = 0; drop < dropped; drop++) errors.hasRoom(1e9);
  return errors.figures();
}

test("the quantiles are those of what was recorded, within a hundredth", () => {
  const { sent, sendErrorMs } = figures(500, 20);
  expect(sent).toBe(1_000);
  expect(sendErrorMs.p50).toBeCloseTo(0.1, 2);
  expect(Math.abs(sendErrorMs.p99 - 20)).toBeLessThan(0.2);
});

test("a generator that kept its schedule is not worth a word", () => {
  expect(judgeGenerator(figures(9, 400))).toBeNull();
});

test("a hundredth of requests more than 5 ms late is told", () => {
  const judgement = judgeGenerator(figures(20, 30))!;
  expect(judgement.isSound).toBe(true);
  expect(judgement.message).toMatch(
    /^the load generator fell behind: 1 % of the requests left (29|30)\.\d ms late or more/,
  );
});

test("a tenth more than 50 ms late, a dropped request, or no figures at all, and nothing is judged", () => {
  expect(judgeGenerator(figures(150, 60))).toMatchObject({ isSound: false });
  expect(judgeGenerator(figures(0, 0, 2))).toEqual({
    isSound: false,
    message: "the load generator could not send 2 of 1002 requests",
  });
  expect(judgeGenerator(null)).toMatchObject({ isSound: false });
});
