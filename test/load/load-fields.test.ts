import * as z from "zod";
import { describe, expect, it } from "vitest";
import { loadFields } from "../../harness/load/load-fields.ts";

const load = z.strictObject(loadFields);

describe("fields of a load", () => {
  it("have the documented defaults", () => {
    expect(load.parse({ journey: "play", rate: "300/s" })).toEqual({
      journey: "play",
      rate: 300,
      arrivals: "poisson",
      stages: [],
      payload: "none",
    });
  });

  it("read stages in control time", () => {
    const read = load.parse({ mix: { play: 3, search: 1 }, rate: "1/s", stages: [{ at: "10m", rate: "400/s" }] });
    expect(read.stages).toEqual([{ at: { controlMs: 600_000 }, rate: 400, over: { controlMs: 0 } }]);
  });

  it("refuse closed populations by name", () => {
    const issues = load.safeParse({ journey: "play", rate: "1/s", clients: 40_000 }).error?.issues;
    expect(issues?.map((issue) => issue.message)).toEqual(["closed populations of clients are not supported yet"]);
  });

  it("show in a JSON Schema with their defaults in the spelling of the language", () => {
    const schema = JSON.stringify(z.toJSONSchema(load, { io: "input", target: "draft-7" }));
    expect(schema).toContain('"default":"poisson"');
    expect(schema).toContain('"default":"0s"');
  });
});
