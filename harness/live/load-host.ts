// The load generator: one process in which all loads of the plan set out on their journeys, each request at the
// moment the schedule says and none waiting for another's answer.
import type { LoadActor } from "../actor/load-actor.ts";
import { loadActor } from "../actor/taped-actor.ts";
import type { Transport } from "../actor/transport.ts";
import { assert, unreachable } from "../core/assert.ts";
import { Payloads } from "../load/payloads.ts";
import type { Entry } from "../wire/agenda.ts";
import type { ControlChannel } from "../wire/control-channel.ts";
import type { Command, Report } from "../wire/control-message.ts";
import { HostFrame } from "../wire/host-frame.ts";
import type { RunFrame } from "../wire/host-frame.ts";
import { loopbackRoundTripMs } from "../wire/loopback-client.ts";
import { OutgoingCalls } from "../wire/outgoing-calls.ts";
import { SendErrors } from "./send-errors.ts";
import { workerAlarm } from "./worker-alarm.ts";

interface Generator {
  readonly actor: LoadActor;
  readonly calls: OutgoingCalls;
  readonly entry: Entry;
}

export class LoadHost {
  readonly #channel: ControlChannel<Report, Command>;
  readonly #onEnd: () => void;
  readonly #frame: HostFrame;
  readonly #errors = new SendErrors();
  /** Commands that arrived before the run began, for the loads that exist from then on. */
  readonly #early: ((actor: LoadActor, nowMs: number) => void)[] = [];
  #generators: readonly Generator[] = [];
  #isAborted = false;

  /** `onEnd`: after `abort`. */
  constructor(channel: ControlChannel<Report, Command>, onEnd: () => void) {
    this.#channel = channel;
    this.#onEnd = onEnd;
    this.#frame = new HostFrame({
      channel,
      alarm: workerAlarm,
      // Nothing is sent before its time: an early request would be one that the service could not have had.
      earlyMs: 0,
      onStall: (atMs, lagMs) => channel.send({ report: "stalled", atMs, lagMs }),
      observe: (nowMs) => {
        for (const { actor } of this.#generators) actor.observe(nowMs);
      },
    });
    channel.onMessage((command) => this.#obey(command));
  }

  #obey(command: Command): void {
    switch (command.do) {
      case "setup":
        return this.#frame.setUp(command);
      case "measureLoopback":
        return void this.#measure(command.port);
      case "begin":
        return this.#frame.begin(command, (frame) => this.#start(frame));
      case "addresses":
        return this.#frame.book.add(command.addresses);
      case "route":
        return this.#everyone((actor, nowMs) => {
          actor.route(command.route);
          actor.lookAround(nowMs, command.route.service);
        });
      case "disturb":
        return this.#everyone((actor) => actor.disturb(command.active));
      case "orderClients":
        return this.#everyone((actor, nowMs) => actor.order(nowMs, command.order));
      case "finish":
        return this.#frame.finish(() => this.#errors.figures());
      case "listen":
      case "ready":
      case "unready":
      case "errand":
      case "openPort":
      case "order":
      case "capacity":
      case "pause":
      case "resume":
      case "stop":
      case "drop":
      case "kill":
        return assert(false, `the load generator cannot ${command.do}`);
      default:
        unreachable(command);
    }
  }

  async #measure(port: number): Promise<void> {
    try {
      this.#channel.send({ report: "loopback", roundTripMs: await loopbackRoundTripMs(port) });
    } catch (error) {
      // Whoever ended the run has closed that port under us. Otherwise this process ends, and says why.
      if (!this.#isAborted) throw error;
    }
  }

  #start(frame: RunFrame): void {
    this.#generators = frame.plan.loads.map((_, load) => this.#generate(load, frame));
    for (const act of this.#early.splice(0)) this.#everyone(act);
  }

  #generate(load: number, frame: RunFrame): Generator {
    const { plan, clock, tally, agenda, tape } = frame;
    const { payload, zone } = plan.loads[load]!;
    const payloads = payload === "none" ? null : new Payloads(payload, plan.seed);
    let entry: Entry = -1;
    let isScheduled = false;
    const calls: OutgoingCalls = new OutgoingCalls({
      ...frame,
      zone,
      payloadOf: payloads === null ? null : (high, low) => payloads.of(high, low),
      answered: (...answer) => actor.answered(...answer),
      entry: () => entry,
      mayLeave: (dueMs) => {
        if (!this.#errors.hasRoom(calls.inFlight)) return false;
        if (isScheduled) this.#errors.sent(dueMs, clock.nowMs());
        return true;
      },
    });
    const transport: Transport = {
      send: (caller, attempt) => calls.send(caller.table, attempt),
      abandon: (caller, attempt) => calls.abandon(caller.table, attempt),
      answer: () => assert(false, "nobody asks a load anything"),
      drained: () => assert(false, "a load does not stop"),
      crashed: () => assert(false, "a load does not crash"),
      errandDone: () => assert(false, "a load runs no errands"),
    };
    const actor = loadActor({ plan, load, tally, transport, address: -1 - load }, tape);
    entry = agenda.add({
      nextWakeup: () => actor.nextWakeup(),
      wake: (dueMs) => {
        // Only what had a time of its own can be late: a retry at once leaves when the answer comes.
        isScheduled = true;
        actor.wake(dueMs);
        isScheduled = false;
      },
    });
    return { actor, calls, entry };
  }

  #everyone(act: (actor: LoadActor, nowMs: number) => void): void {
    const { running } = this.#frame;
    if (running === null) return void this.#early.push(act);
    for (const { actor, entry } of this.#generators) running.agenda.message((nowMs) => act(actor, nowMs), entry);
  }

  /** What SIGKILL does to a process, where there is none to kill. */
  abort(): void {
    this.#isAborted = true;
    this.#frame.running?.agenda.close();
    for (const { calls } of this.#generators) calls.destroy();
    this.#generators = [];
    this.#onEnd();
  }
}
