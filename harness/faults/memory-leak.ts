// Memory is lost: more and more of it, until the kernel kills the process.
import { sizeRate } from "../schema/size-rate.ts";
import { fault } from "./fault.ts";

export const memoryLeak = fault({
  about: "Leaks memory in instances of a service with a memory limit; what is lost stays lost until they start again.",
  level: "instance",
  targets: ["service", "instance"],
  needs: "memory",
  attributes: { rate: sizeRate().describe("How much: `2MiB/s`.") },
  disturb: ({ rate }) => [{ on: "instance", do: "leak", bytesPerMs: rate.bytes / rate.per }],
});
