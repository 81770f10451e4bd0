import { expect, test } from "vitest";
import { Standstills } from "../../harness/live/standstills.ts";

test("without a standstill there is nothing to say", () => {
  expect(new Standstills().text()).toBeNull();
});

test("many standstills are one sentence with the longest of them", () => {
  const standstills = new Standstills();
  standstills.add(1_000, 60);
  expect(standstills.text()).toBe(
    "processes of the live run stood still once, 60 ms at the longest (1.0 s into the run)",
  );
  standstills.add(2_340, 163.4);
  standstills.add(5_000, 70);
  expect(standstills.text()).toBe(
    "processes of the live run stood still 3 times, 163 ms at the longest (2.3 s into the run)",
  );
});
