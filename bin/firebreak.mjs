#!/usr/bin/env node
// The command line: `firebreak run scenario.yaml`.
import { enter } from "./runtime.mjs";

await enter("harness/cli/main");
