import fc from "fast-check";
import { expect, test } from "vitest";
import { UserSet } from "../../harness/verdict/user-set.ts";

const BORDERS = [31, 32, 0x7fff, 0x8000, 0x8001, 2 ** 31, 2 ** 32, 2 ** 40];

test("counts every user once, in whatever order they come", () => {
  const user = fc.oneof(fc.nat(100), fc.nat(), fc.constantFrom(...BORDERS));
  fc.assert(
    fc.property(fc.array(user, { maxLength: 200 }), (users) => {
      const set = new UserSet();
      for (const one of users) set.add(one);
      expect(set.size).toBe(new Set(users).size);
    }),
  );
});
