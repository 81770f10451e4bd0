// A narrow link: messages wait for those before them.
import { size } from "../schema/size.ts";
import { throughput } from "../schema/throughput.ts";
import { fault } from "./fault.ts";

export const bandwidth = fault({
  about:
    "Sends messages one after the other over a link of this rate, one link for each instance (on a call: each calling one).",
  level: "request",
  targets: ["service", "operation", "instance", "edge"],
  attributes: {
    rate: throughput().describe("Of the link, in each direction: `1MiB/s`."),
    message: size().prefault("16KiB").describe("Size of a request, and of an answer."),
  },
  disturb: ({ rate, message }) => [{ on: "request", do: "transmit", messageMs: (message / rate) * 1000 }],
});
