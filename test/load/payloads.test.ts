import { faker } from "@faker-js/faker/locale/en";
import { describe, expect, it } from "vitest";
import { Payloads } from "../../harness/load/payloads.ts";

function bodies(payloads: Payloads): string[] {
  return Array.from({ length: 2000 }, (_, request) => payloads.of(request, 3));
}

describe("payloads", () => {
  it.each(["user", "track", "cart"] as const)("of kind %s are the same for the same seed only", (kind) => {
    expect(bodies(new Payloads(kind, 1))).toEqual(bodies(new Payloads(kind, 1)));
    expect(bodies(new Payloads(kind, 1))).not.toEqual(bodies(new Payloads(kind, 2)));
  });

  it("look real", () => {
    expect(JSON.parse(new Payloads("user", 1).of(1, 1))).toMatchObject({
      name: expect.stringMatching(/\w+ \w+/),
      email: expect.stringContaining("@"),
      registered: expect.stringMatching(/^202[1-4]-/),
    });
    expect(JSON.parse(new Payloads("track", 1).of(1, 1))).toHaveProperty("artist");
    expect(JSON.parse(new Payloads("cart", 1).of(1, 1)).items.length).toBeGreaterThan(0);
  });

  it("take turns in a pool of a few hundred", () => {
    const distinct = new Set(bodies(new Payloads("track", 1)));
    expect(distinct.size).toBeGreaterThan(240);
    expect(distinct.size).toBeLessThanOrEqual(256);
  });

  it("of kind none are empty", () => {
    expect(new Payloads("none", 1).of(1, 2)).toBe("");
  });

  it("leave the library's own instance alone", () => {
    faker.seed(5);
    const expected = faker.string.uuid();
    faker.seed(5);
    new Payloads("user", 1).of(1, 1);
    expect(faker.string.uuid()).toBe(expected);
  });
});
