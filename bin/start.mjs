#!/usr/bin/env node
// `npm start`: the demonstration, a bad release rehearsed in simulation and on a real fleet.
import { enter } from "./runtime.mjs";

await enter("harness/cli/start");
