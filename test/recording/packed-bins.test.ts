import fc from "fast-check";
import { expect, it } from "vitest";
import { packBins, unpackBins } from "../../harness/recording/packed-bins.ts";
import { BIN_COUNT } from "../../harness/signals/bins.ts";

const COUNT = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }));
const ROW = fc
  .tuple(
    fc.nat(5000),
    fc.uniqueArray(fc.tuple(fc.nat(BIN_COUNT - 1), COUNT), { selector: ([bin]) => bin, maxLength: 200 }),
  )
  .map(([row, pairs]) => [row, ...pairs.sort(([a], [b]) => a - b).flat()]);

it("histograms come back as they were", () => {
  fc.assert(
    fc.property(fc.array(ROW, { maxLength: 5 }), (rows) => {
      expect(unpackBins(JSON.parse(JSON.stringify(packBins(rows))))).toEqual(rows);
    }),
  );
});

it("a histogram in which every bin is filled has room", () => {
  const row = [0];
  for (let bin = 0; bin < BIN_COUNT; bin++) row.push(bin, 2 ** 31 - 1);
  expect(unpackBins(packBins([row]))).toEqual([row]);
});

it("the last bin there is is one", () => {
  expect(unpackBins([[0, "+/H"]])).toEqual([[0, BIN_COUNT - 1, 1]]);
});

it("the text is as documented: twice the distance, plus one where a count follows", () => {
  expect(packBins([[3, 2, 1, 5, 7, 40, 1]])).toEqual([[3, "EHHmC"]]);
});

it.each([
  ["no table", { 0: "E" }],
  ["a row that is no pair", [[0, "E", 1]]],
  ["numbers", [[0, 2, 1]]],
  ["a text outside the alphabet", [[0, "E E"]]],
  ["a text outside ASCII", [[0, "Eé€"]]],
  ["a number without its last digit", [[0, "Em"]]],
  ["a bin without its count", [[0, "H"]]],
  ["a bin behind the last", [[0, "ggI"]]],
  ["a bin twice", [[0, "EA"]]],
  ["a distance without end", [[0, "/".repeat(1_000_000)]]],
  ["a count of too many digits", [[0, "F///////A"]]],
  ["more bins than there are", [[0, "C".repeat(BIN_COUNT)]]],
])("what is none is null: %s", (_, packed) => {
  expect(unpackBins(packed)).toBeNull();
});
