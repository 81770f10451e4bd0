// A thread of a study. It only sets up the compile cache, which must be there before the rest is loaded.
import module from "node:module";
import { workerData } from "node:worker_threads";
import type { ThreadSetting } from "./thread-message.ts";

const setting = workerData as ThreadSetting;
if (setting.compileCache !== null) module.enableCompileCache(setting.compileCache);
const { serveRuns } = await import("./serve-runs.ts");
await serveRuns(setting.module);
