// The tests of every day: `npm test`, and the same in CI with the results also written for .ci/run to count.
import { defineConfig } from "vitest/config";

/** Tests that measure real processes: they get the machine to themselves, one file at a time, after all the others. */
const REAL = [
  "test/live/**/*.test.ts",
  "test/mock-services/**/*.test.ts",
  "test/cli/live*.test.ts",
  "test/wire/outgoing-calls.test.ts",
  "test/packaging.test.ts",
];

export default defineConfig({
  test: {
    reporters: process.env["CI"] === "true" ? ["default", "json"] : ["default"],
    outputFile: { json: "node_modules/.cache/firebreak/tests.json" },
    setupFiles: ["test/property-seed.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: "pure", include: ["test/**/*.test.ts"], exclude: [...REAL, "test/verify/**"] },
      },
      {
        extends: true,
        test: { name: "real", include: REAL, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
