// Counts the tests of a run from vitest's JSON report, prints the closing line and exits as the run did.
// Usage: node closing-line.mjs <report> <exit code of the run>
import { existsSync, readFileSync } from "node:fs";

const [path, code] = process.argv.slice(2);
const report = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : { testResults: [] };

let passed = 0;
let failed = 0;
for (const file of report.testResults) {
  const failedTests = file.assertionResults.filter((test) => test.status === "failed").length;
  passed += file.assertionResults.filter((test) => test.status === "passed").length;
  // A file that cannot even be loaded has no tests to fail; it counts as one.
  failed += file.status === "failed" && failedTests === 0 ? 1 : failedTests;
}

let exitCode = Number(code);
if (exitCode === 0 && (passed === 0 || failed > 0)) exitCode = 1;
// Whatever else went wrong, an install, a type or a lint error, counts as one.
if (exitCode !== 0 && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = exitCode;
