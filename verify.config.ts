// The long proofs: `npm run verify` runs every scenario on both engines and many seeds, and writes docs/evidence/.
import { defineConfig } from "vitest/config";

const HOUR_MS = 3_600_000;

export default defineConfig({
  test: {
    include: ["test/verify/**/*.test.ts"],
    setupFiles: ["test/property-seed.ts"],
    testTimeout: HOUR_MS,
    hookTimeout: HOUR_MS,
    // They measure the machine: one at a time.
    maxWorkers: 1,
  },
});
