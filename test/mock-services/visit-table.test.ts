import { ServerResponse, IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { VisitTable } from "../../mock-services/visit-table.ts";

const response = (): ServerResponse => new ServerResponse(new IncomingMessage(new Socket()));

test("a visit is closed once, and only under its own serial", () => {
  const table = new VisitTable();
  const first = response();
  const slot = table.open(first, null);
  const serial = table.serialOf(slot);
  expect(table.close(slot, serial + 1)).toBeNull();
  expect(table.close(slot, serial)).toEqual({ response: first, payload: null });
  expect(table.close(slot, serial)).toBeNull();
});

test("a slot that is used again has another serial, so that a late answer finds nobody", () => {
  const table = new VisitTable();
  const slot = table.open(response(), null);
  const serial = table.serialOf(slot);
  table.close(slot, serial);
  expect(table.open(response(), Buffer.from("x"))).toBe(slot);
  expect(table.isOpen(slot, serial)).toBe(false);
  expect(table.close(slot, serial)).toBeNull();
});
