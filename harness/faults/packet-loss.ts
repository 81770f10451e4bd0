// A bad link: packets are lost and sent again, so that requests are not lost but late, a few of them very.
import { duration } from "../schema/duration.ts";
import { ratio } from "../schema/ratio.ts";
import { fault } from "./fault.ts";

export const packetLoss = fault({
  about:
    "Loses packets, one for each request and one for each answer: each is sent again after a timeout that doubles, as TCP does.",
  level: "request",
  targets: ["service", "operation", "instance", "edge"],
  attributes: {
    loss: ratio().describe("Share of packets that are lost."),
    timeout: duration("request")
      .prefault("200ms")
      .describe("Before the first retransmission. Linux waits at least 200 ms (TCP_RTO_MIN); RFC 6298 asks for 1 s."),
  },
  disturb: ({ loss, timeout }) => [{ on: "request", do: "retransmit", loss, timeoutMs: timeout }],
});
