import { describe, expect, it } from "vitest";
import { nearest } from "../../harness/core/nearest.ts";

describe("the nearest known name", () => {
  it("forgives a missing, wrong, swapped or additional letter, and case", () => {
    for (const written of ["availabilty", "availabilitx", "avialability", "availabilityy", "Availability"]) {
      expect(nearest(written, ["requests", "availability", "bad"])).toBe("availability");
    }
  });

  it("is null where nothing is close", () => {
    expect(nearest("crashes", ["queue", "wasted"])).toBeNull();
    expect(nearest("x", ["abc"])).toBeNull();
    expect(nearest("anything", [])).toBeNull();
  });

  it("is the first of several at the same distance", () => {
    expect(nearest("bak", ["back", "bad"])).toBe("back");
  });
});
