import { expect, test } from "vitest";
import { textTable } from "../../harness/cli/text-table.ts";

const header = ["service", "replicas", "requests/s"];
const rows = [
  ["a", "4", "120"],
  ["gateway", "12", "3"],
];

test("a table that fits is one table", () => {
  expect(textTable(header, rows, 1, 31)).toEqual([
    "  service  replicas  requests/s",
    "  a               4         120",
    "  gateway        12           3",
  ]);
});

test("a table that is too wide goes on below itself, with its first column again", () => {
  expect(textTable(header, rows, 1, 30)).toEqual([
    "  service  replicas",
    "  a               4",
    "  gateway        12",
    "",
    "  service  requests/s",
    "  a               120",
    "  gateway           3",
  ]);
});

test("where even that is too wide, or there is more to repeat, every row is a sentence", () => {
  expect(textTable(header, rows, 2, 30)).toEqual([
    "  service a, replicas 4:",
    "    requests/s 120",
    "  service gateway, replicas",
    "    12: requests/s 3",
  ]);
  expect(textTable(header, rows.slice(0, 1), 1, 20)).toEqual(["  service a:", "    replicas 4,", "    requests/s 120"]);
});
