// Entry of a service process of the live fleet. The supervisor holds the other end of file descriptor 3.
import { flushCompileCache } from "node:module";
import { Socket } from "node:net";
import { HttpServer } from "./http-server.ts";
import { ServiceHost } from "./service-host.ts";
import { pipeChannel } from "../harness/wire/control-channel.ts";
import type { Command, Report } from "../harness/wire/control-message.ts";

if (process.argv[2] === "warm") {
  // Run once when the bundle is built, to fill the compile cache with what a start needs.
  const server = await HttpServer.listen({ operations: ["warm"], onRequest: () => {}, health: () => ({}) });
  await server.close();
  flushCompileCache();
} else {
  const channel = pipeChannel<Report, Command>(new Socket({ fd: 3, readable: true, writable: true }));
  // Whoever ends the supervisor ends us; a stopped process cannot hear this, and is the guard's business.
  channel.onClose(() => process.exit(0));
  new ServiceHost(channel, () => process.exit(0));
}
