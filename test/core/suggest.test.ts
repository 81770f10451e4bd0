import { expect, test } from "vitest";
import { suggest } from "../../harness/core/suggest.ts";

test("the nearest known name is what was probably meant", () => {
  expect(suggest("chekout", ["cart", "checkout"])).toBe("did you mean `checkout`?");
});

test("where nothing is near, a dozen names are listed, and more are not", () => {
  const names = Array.from({ length: 13 }, (_, index) => `service-${index}`);
  expect(suggest("x", names.slice(0, 12))).toMatch(/^there is `service-0`, .*`service-11`$/);
  expect(suggest("x", names)).toBeNull();
  expect(suggest("x", [])).toBeNull();
});
