// A process of a study. It only sees to its end before the rest is loaded.
import type { EngineModule } from "./crew-message.ts";

// Whoever started us let go of the channel, or is gone: nobody would hear what a run comes to.
process.once("disconnect", () => process.exit());
if (!process.connected) process.exit();

const { serveRuns } = await import("./serve-runs.ts");
await serveRuns(JSON.parse(process.argv[2]!) as EngineModule);
