// One process of the fleet: does what the supervisor tells it with the instances that live in it, and reports.
// With isolation `process` there is one instance; with `service` all those of one version; with `inline` all.
import { assert, unreachable } from "../harness/core/assert.ts";
import type { ActiveDisturbance } from "../harness/faults/active-disturbance.ts";
import type { Route } from "../harness/model/route.ts";
import type { Plan } from "../harness/model/plan.ts";
import { layoutOf } from "../harness/signals/layout.ts";
import { Tally } from "../harness/signals/tally.ts";
import { AddressBook } from "../harness/wire/address-book.ts";
import { Agenda } from "../harness/wire/agenda.ts";
import { BucketReports } from "../harness/wire/bucket-reports.ts";
import type { ControlChannel } from "../harness/wire/control-channel.ts";
import { CONTROL_PROTOCOL } from "../harness/wire/control-message.ts";
import type { Command, Report } from "../harness/wire/control-message.ts";
import { RunClock } from "../harness/wire/run-clock.ts";
import { timerAlarm } from "../harness/wire/timer-alarm.ts";
import { MockService } from "./mock-service.ts";
import type { RunFrame } from "./mock-service.ts";

/** Half the grain of a timer: see wire/agenda.ts. */
const EARLY_MS = 0.5;

export class ServiceHost {
  readonly #channel: ControlChannel<Report, Command>;
  readonly #onEnd: () => void;
  readonly #instances = new Map<number, MockService>();
  readonly #book = new AddressBook();
  readonly #routes = new Map<number, Route>();
  #active: readonly ActiveDisturbance[] = [];
  #plan: Plan | null = null;
  #frame: RunFrame | null = null;
  #reports: BucketReports | null = null;

  /** `onEnd`: after `abort`, no port is open any more. */
  constructor(channel: ControlChannel<Report, Command>, onEnd: () => void) {
    this.#channel = channel;
    this.#onEnd = onEnd;
    channel.onMessage((command) => this.#obey(command));
  }

  #obey(command: Command): void {
    switch (command.do) {
      case "setup":
        assert(
          command.protocol === CONTROL_PROTOCOL,
          `the supervisor speaks ${command.protocol}, not ${CONTROL_PROTOCOL}`,
        );
        this.#plan = command.plan;
        return this.#channel.send({ report: "ready", protocol: CONTROL_PROTOCOL });
      case "listen":
        return void this.#listen(command);
      case "begin":
        return this.#begin(command.originMs, command.loopbackMs);
      case "addresses":
        return this.#book.add(command.addresses);
      case "route":
        this.#routes.set(command.route.service, command.route);
        return this.#everyone((instance) => instance.command((actor) => actor.route(command.route)));
      case "disturb":
        this.#active = command.active;
        return this.#everyone((instance) => instance.command((actor) => actor.disturb(command.active)));
      case "ready":
        return this.#instances.get(command.id)?.command((actor, nowMs) => actor.ready(nowMs));
      case "capacity":
        return this.#instances.get(command.id)?.command((actor, nowMs) => actor.capacity(nowMs, command.ratio));
      case "stop":
        return this.#instances.get(command.id)?.command((actor, nowMs) => actor.stop(nowMs));
      case "pause":
        return this.#pause(command.id);
      case "resume":
        return this.#frame?.agenda.message((nowMs) => this.#instances.get(command.id)?.resume(nowMs));
      case "kill":
        return this.#kill(command.id, command.isShared);
      case "drop":
        return this.#drop(command.id);
      case "finish":
        return this.#finish();
      case "measureLoopback":
        return assert(false, `a service process cannot ${command.do}`);
      default:
        unreachable(command);
    }
  }

  async #listen({ instance, ordinal }: Extract<Command, { do: "listen" }>): Promise<void> {
    const { id, generation } = instance;
    assert(this.#plan !== null, "setup comes first");
    const service = new MockService(instance, ordinal, () => this.#drained(service));
    this.#instances.set(id, service);
    const port = await service.listen(this.#plan);
    if (this.#frame !== null) this.#start(service, this.#frame);
    this.#channel.send({ report: "listening", id, generation, port });
  }

  #begin(originMs: number, loopbackMs: number): void {
    const plan = this.#plan;
    assert(plan !== null, "setup comes first");
    const clock = new RunClock(originMs);
    const tally = new Tally(layoutOf(plan));
    const agenda = new Agenda({
      clock,
      alarm: timerAlarm(clock),
      earlyMs: EARLY_MS,
      onStall: (nowMs, lagMs) => this.#stalled(nowMs, lagMs),
    });
    this.#frame = { plan, clock, agenda, tally, book: this.#book, loopbackMs };
    for (const service of this.#instances.values()) this.#start(service, this.#frame);
    const observe = (nowMs: number): void => this.#everyone((service) => service.actor?.observe(nowMs));
    this.#reports = new BucketReports({ plan, tally, agenda, channel: this.#channel, observe }, clock.nowMs());
  }

  #start(service: MockService, frame: RunFrame): void {
    service.begin(frame);
    service.command((actor) => {
      for (const route of this.#routes.values()) actor.route(route);
      actor.disturb(this.#active);
    });
  }

  /** The numbers so far go out first: a process that stands still reports nothing. */
  #pause(id: number): void {
    this.#frame?.agenda.message((nowMs) => {
      this.#instances.get(id)?.pause(nowMs);
      this.#reports?.partial(nowMs);
    });
    this.#channel.send({ report: "paused", id });
  }

  #kill(id: number, isShared: boolean): void {
    const service = this.#instances.get(id);
    if (service === undefined) return;
    this.#frame?.agenda.message((nowMs) => {
      service.crash(nowMs);
      this.#reports?.partial(nowMs);
    });
    this.#channel.send({ report: "dying", id, generation: service.instance.generation });
    this.#instances.delete(id);
    if (isShared) service.cutOff();
  }

  #drop(id: number): void {
    this.#instances.get(id)?.cutOff();
    this.#instances.delete(id);
  }

  #drained(service: MockService): void {
    const { id, generation } = service.instance;
    this.#frame?.agenda.message((nowMs) => this.#reports?.partial(nowMs));
    this.#channel.send({ report: "drained", id, generation });
  }

  #finish(): void {
    this.#frame?.agenda.message((nowMs) => this.#reports?.partial(nowMs));
    this.#channel.send({ report: "finished", generator: null });
  }

  /** What SIGKILL does to a process, where there is none to kill; resolves when no port is open. */
  async abort(): Promise<void> {
    this.#frame?.agenda.close();
    const services = [...this.#instances.values()];
    this.#instances.clear();
    await Promise.all(services.map((service) => service.close()));
    this.#onEnd();
  }

  #stalled(nowMs: number, lagMs: number): void {
    // A standstill that a fault asked for is no surprise.
    for (const service of this.#instances.values()) if (service.isPaused) return;
    this.#channel.send({ report: "stalled", atMs: nowMs, lagMs });
  }

  #everyone(act: (instance: MockService) => void): void {
    for (const instance of this.#instances.values()) act(instance);
  }
}
