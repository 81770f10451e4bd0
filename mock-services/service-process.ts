// Entry of a service process of the live fleet. The supervisor holds the other end of file descriptor 3.
import { flushCompileCache } from "node:module";
import { Socket } from "node:net";
import { pipeChannel } from "../harness/wire/control-channel.ts";
import type { Command, Report } from "../harness/wire/control-message.ts";
import { rehearse } from "./rehearsal.ts";
import { ServiceHost } from "./service-host.ts";

/**
 * The first five requests cost a process 80 ms of CPU, the next fifteen 2 ms each. They are made before it says that
 * it is there: a fleet that begins a run cold is overloaded by its own beginning.
 */
const REHEARSALS = { atStart: 5, forCache: 50 };

if (process.argv[2] === "warm") {
  // Run once when the bundle is built.
  await rehearse(REHEARSALS.forCache);
  flushCompileCache();
  process.exit(0);
}
const channel = pipeChannel<Report, Command>(new Socket({ fd: 3, readable: true, writable: true }));
// Whoever ends the supervisor ends us; a stopped process cannot hear this, and is the guard's business.
channel.onClose(() => process.exit(0));
await rehearse(REHEARSALS.atStart);
serve(channel);

function serve(supervisor: typeof channel): ServiceHost {
  return new ServiceHost(supervisor, () => {});
}
