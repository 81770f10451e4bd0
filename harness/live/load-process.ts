// Entry of the load generator's process. The supervisor holds the other end of file descriptor 3.
import { flushCompileCache } from "node:module";
import { Socket } from "node:net";
import { LoadHost } from "./load-host.ts";
import { pipeChannel } from "../wire/control-channel.ts";
import type { ControlChannel } from "../wire/control-channel.ts";
import type { Command, Report } from "../wire/control-message.ts";

const generate = (channel: ControlChannel<Report, Command>): LoadHost => new LoadHost(channel, () => {});

if (process.argv[2] === "warm") {
  // Run once when the bundle is built, to fill the compile cache.
  flushCompileCache();
} else {
  const channel = pipeChannel<Report, Command>(new Socket({ fd: 3, readable: true, writable: true }));
  channel.onClose(() => process.exit(0));
  generate(channel);
}
