// How an actor is made where a run may be on tape: as it is, or with its inputs and its transport on the tape.
import { taped, tapedPort } from "../core/tape.ts";
import type { Tape } from "../core/tape.ts";
import type { Caller } from "./caller.ts";
import { LoadActor } from "./load-actor.ts";
import type { LoadActorOptions } from "./load-actor.ts";
import { ServiceActor } from "./service-actor.ts";
import type { ServiceActorOptions } from "./service-actor.ts";
import type { Transport } from "./transport.ts";

/** `tape`: null = none, at no cost. */
export function serviceActor(options: ServiceActorOptions, tape: Tape | null): ServiceActor {
  if (tape === null) return new ServiceActor(options);
  const { instance, ordinal, address, startMs } = options;
  const name = `${instance.id}.${instance.generation}`;
  tape.write(["make", name, "service", { instance, ordinal, address, startMs }]);
  return taped(tape, name, new ServiceActor({ ...options, transport: tapedTransport(tape, name, options) }), [
    "receive",
    "abandon",
    "answered",
    "wake",
    "route",
    "disturb",
    "ready",
    "errand",
    "order",
    "capacity",
    "pause",
    "resume",
    "stop",
    "crash",
    "observe",
  ]);
}

export function loadActor(options: LoadActorOptions, tape: Tape | null): LoadActor {
  if (tape === null) return new LoadActor(options);
  const { load, address } = options;
  const name = `load ${load}`;
  tape.write(["make", name, "load", { load, address }]);
  return taped(tape, name, new LoadActor({ ...options, transport: tapedTransport(tape, name, options) }), [
    "answered",
    "wake",
    "route",
    "lookAround",
    "order",
    "disturb",
    "observe",
  ]);
}

function tapedTransport(tape: Tape, name: string, { transport }: { readonly transport: Transport }): Transport {
  return tapedPort(tape, name, transport, (method, given) => {
    if (method !== "send" && method !== "abandon") return given;
    const [{ table }, attempt] = given as [Caller, number];
    if (method === "abandon") return [attempt, table.abandonedSerial[attempt]];
    // What the message carries stands in the arrays.
    return [
      attempt,
      table.serial[attempt],
      table.target[attempt],
      table.generation[attempt],
      table.operation[attempt],
      table.keyHigh[attempt],
      table.keyLow[attempt],
      table.user[attempt],
      table.item[attempt],
      table.criticality[attempt],
      table.headers[attempt],
      table.depth[attempt],
      table.deadlineMs[attempt],
    ];
  });
}
