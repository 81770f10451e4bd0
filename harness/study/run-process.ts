// A process of a study. It only sets up the compile cache, which must be there before the rest is loaded.
import module from "node:module";
import type { ProcessSetting } from "./crew-message.ts";

const setting = JSON.parse(process.argv[2]!) as ProcessSetting;
if (setting.compileCache !== null) module.enableCompileCache(setting.compileCache);
const { serveRuns } = await import("./serve-runs.ts");
await serveRuns(setting.module);
