import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Address, ParsedAddress } from "../../harness/signals/address.ts";
import { edgeName, parseAddress, stableOf } from "../../harness/signals/address.ts";
import { addressesOf, MEASURES } from "../../harness/signals/measures.ts";
import { smallPlan } from "./small-plan.ts";

const plan = smallPlan();

function parsed(text: string): Address {
  const result = parseAddress(text, plan);
  if (!("address" in result)) throw new Error(result.problem);
  return result.address;
}

function refused(text: string): Exclude<ParsedAddress, { address: Address }> {
  const result = parseAddress(text, plan);
  if ("address" in result) throw new Error(`${text} was accepted`);
  return result;
}

describe("a metric address", () => {
  it("names a journey, a service, a zone, a call or a load by its index", () => {
    expect(parsed("journeys.buy.availability").scope).toEqual({ type: "journey", journey: 0 });
    expect(parsed("services.back.queue").scope).toEqual({ type: "service", service: 1, version: "all" });
    expect(parsed("zones.south.requests").scope).toEqual({ type: "zone", zone: 1 });
    expect(parsed("calls.front -> side.amplification").scope).toEqual({ type: "edge", edge: 2 });
    expect(parsed("load.users.requestsPerSecond").scope).toEqual({ type: "load", load: 0 });
  });

  it("narrows a service to one version, or to everything that is not stable", () => {
    expect(parsed("services.back@v2.latencyMs.p99").scope).toMatchObject({ version: { variant: 1 } });
    expect(parsed("services.back@stable.latencyMs.p99").scope).toMatchObject({ version: { variant: 0 } });
    expect(parsed("services.back@new.availability").scope).toMatchObject({ version: "new" });
  });

  it("asks for the share of a version with the version's name last", () => {
    expect(parsed("services.back.versions.v2").scope).toMatchObject({ service: 1, version: { variant: 1 } });
  });

  it("reads an arrow with or without spaces as the same call", () => {
    expect(parsed("calls.front->side.attempts").text).toBe("calls.front -> side.attempts");
  });

  it("finds a bad cause with brackets in its name", () => {
    expect(parsed("services.front.bad.rejected(overload)").measure.unit).toBe("count");
  });

  it("has the stable version's address beside it, for relative limits", () => {
    expect(stableOf(parsed("services.back@new.latencyMs.p99"), plan)?.text).toBe("services.back@stable.latencyMs.p99");
    expect(stableOf(parsed("services.back.latencyMs.p99"), plan)).toEqual(parsed("services.back@stable.latencyMs.p99"));
    expect(stableOf(parsed("journeys.buy.availability"), plan)).toBeNull();
  });

  it("names an edge as caller and callee", () => {
    expect(plan.edges.map((edge) => edgeName(edge, plan))).toEqual([
      "users -> front",
      "front -> back",
      "front -> side",
    ]);
  });
});

describe("an address that names nothing", () => {
  it("is answered with the nearest name", () => {
    expect(refused("journey.buy.availability").suggestion).toBe("did you mean `journeys`?");
    expect(refused("services.bakc.queue").suggestion).toBe("did you mean `back`?");
    expect(refused("journeys.buy.availabilty").suggestion).toBe("did you mean `availability`?");
    expect(refused("services.back@v3.queue").suggestion).toBe("did you mean `v2`?");
    expect(refused("services.back.versions.v22").suggestion).toBe("did you mean `v2`?");
    expect(refused("calls.front -> bock.attempts").suggestion).toBe("did you mean `front -> back`?");
  });

  it("is answered with what there is where nothing is near", () => {
    expect(refused("zones.everywhere.requests").suggestion).toBe("there is `north`, `south`");
  });

  it.each([
    "",
    ".",
    "services",
    "services.",
    "services.back",
    "services.back.",
    "services.back@",
    "services.back@v2",
    "journeys.buy",
    "calls. -> .x",
    "services.back.versions.",
  ])("is a problem and no crash: %j", (text) => {
    expect(refused(text).problem).not.toBe("");
  });

  it("does not fall for names that every object has", () => {
    expect(refused("constructor.x.y").problem).toContain("family");
    expect(refused("journeys.buy.toString").problem).toContain("measure");
  });
});

describe("the documentation of addresses", () => {
  it("lists every measure once, and each parses for a real entity", () => {
    const addresses = addressesOf().map(({ address }) => address);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(addresses.length).toBe(Object.values(MEASURES).flatMap(Object.keys).length + 1);
    for (const address of addresses) {
      const real = address
        .replace("<journey>", "buy")
        .replace("<service>[@<version>]", "back@v2")
        .replace("<service>", "back")
        .replace("<zone>", "north")
        .replace("<caller -> callee>", "users -> front")
        .replace("<load>", "users")
        .replace("<version>", "v2");
      expect(parsed(real).text).toBe(real);
    }
  });
});

describe("docs/metrics.md", () => {
  it("names every address with its unit, the causes once", () => {
    const page = readFileSync(path.join(import.meta.dirname, "../../docs/metrics.md"), "utf8");
    const rows = addressesOf().map(
      ({ address, unit }) => `| \`${address.replace(/(bad|badShare)\.(?!<).+$/, "$1.<cause>")}\` | ${unit} |`,
    );
    const documented = page.split("\n").filter((line) => line.startsWith("| `"));
    expect(documented.map((line) => line.split("|").slice(0, 3).join("|") + "|")).toEqual([...new Set(rows)]);
  });
});
