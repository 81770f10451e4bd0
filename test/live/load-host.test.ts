// The load generator's host within this process, commanded over its control channel.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { LoadHost } from "../../harness/live/load-host.ts";
import { channelPair } from "../../harness/wire/control-channel.ts";
import { CONTROL_PROTOCOL } from "../../harness/wire/control-message.ts";
import type { Command, GeneratorFigures, Report } from "../../harness/wire/control-message.ts";
import { monotonicMs } from "../../harness/wire/run-clock.ts";
import { oneTier, variant } from "./small-plan.ts";

const instance = { id: 0, generation: 0, service: 0, variant: 0, zone: 0 };

function hostOf() {
  const [channel, theirs] = channelPair<Command, Report>();
  const host = new LoadHost(theirs, () => {});
  onTestFinished(() => host.abort());
  const finish = (): Promise<GeneratorFigures> =>
    new Promise((resolve) => {
      channel.onMessage((report) => {
        if (report.report === "finished") resolve(report.generator!);
      });
      channel.send({ do: "finish" });
    });
  return { channel, host, finish };
}

/** A port that is accepted on and never answered. */
async function silentPort() {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

test("a measurement that the end of the run cuts off ends nothing else", async () => {
  const { server, port } = await silentPort();
  const unhandled: unknown[] = [];
  const hear = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", hear);
  onTestFinished(() => void process.off("unhandledRejection", hear));
  const { channel, host } = hostOf();
  channel.send({ do: "measureLoopback", port });
  await sleep(100);
  host.abort();
  server.closeAllConnections();
  await sleep(100);
  expect(unhandled).toEqual([]);
});

test("a request for which there is no socket is dropped, and not sent as well", async () => {
  const { port } = await silentPort();
  const { channel, host, finish } = hostOf();
  const plan = oneTier(variant([]), 50_000, { endMs: 60_000 });
  channel.send({ do: "setup", protocol: CONTROL_PROTOCOL, plan });
  channel.send({ do: "addresses", addresses: [{ ...instance, port }] });
  channel.send({ do: "begin", originMs: monotonicMs() - 300, loopbackMs: 0 });
  channel.send({ do: "route", route: { service: 0, endpoints: [instance], weights: null } });
  let { sent, dropped } = await finish();
  while (dropped === 0) {
    await sleep(50);
    ({ sent, dropped } = await finish());
  }
  host.abort();
  expect(sent).toBeLessThanOrEqual(10_000);
});
