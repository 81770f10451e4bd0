import { expect, test } from "vitest";
import { CallTable, END, NONE, SEND } from "../../harness/policies/call-table.ts";

test("a slot is not used again while an output speaks of its last call", () => {
  const table = new CallTable();
  const dropped = table.allocate();
  table.emit(dropped, END);
  table.free(dropped);
  const next = table.allocate();
  expect(next).not.toBe(dropped);
  table.emit(next, SEND);
  expect(table.take()).toBe(dropped * 4 + END);
  expect(table.take()).toBe(next * 4 + SEND);
  expect(table.take()).toBe(NONE);
  expect(table.allocate()).toBe(dropped);
});

test("calls that are there stand in the order in which they began, whatever their slots", () => {
  const table = new CallTable();
  const [first, second] = [table.allocate(), table.allocate()];
  table.state[first] = table.state[second] = 1;
  table.free(first);
  table.take();
  const third = table.allocate();
  table.state[third] = 1;
  expect(third).toBe(first);
  expect(table.inOrder()).toEqual([second, third]);
});

test("an attempt with a slot of its own says of itself what its call says", () => {
  const table = new CallTable();
  const [call, attempt] = [table.allocate(), table.allocate()];
  const said = ["owner", "operation", "callHigh", "user", "item", "criticality", "depth"] as const;
  said.forEach((each, index) => (table[each][call] = index + 1));
  table.copyCall(call, attempt);
  expect(said.map((each) => table[each][attempt])).toEqual(said.map((_, index) => index + 1));
});
