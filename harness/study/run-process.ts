// A process of a study. It only sets up what must be there before the rest is loaded: its end, and the compile cache.
import module from "node:module";
import type { ProcessSetting } from "./crew-message.ts";

// Whoever started us let go of the channel, or is gone: nobody would hear what a run comes to.
process.once("disconnect", () => process.exit());
if (!process.connected) process.exit();

const setting = JSON.parse(process.argv[2]!) as ProcessSetting;
if (setting.compileCache !== null) module.enableCompileCache(setting.compileCache);
const { serveRuns } = await import("./serve-runs.ts");
await serveRuns(setting.module);
