// Instances take fewer connections than they could: file descriptors run out, a limit was set in passing.
import { count } from "../schema/count.ts";
import { fault } from "./fault.ts";

export const connectionLimit = fault({
  about: "Lets instances take at most so many connections, one for each request they hold, and refuse the rest.",
  level: "instance",
  targets: ["service", "instance"],
  attributes: { to: count().describe("How many; `maxConnections` of the service still holds.") },
  disturb: ({ to }) => [{ on: "instance", do: "limitConnections", most: to }],
});
