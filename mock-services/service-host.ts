// One process of the fleet: does what the supervisor tells it with the instances that live in it, and reports.
// With isolation `process` there is one instance; with `service` all those of one version; with `inline` all.
import { assert, unreachable } from "../harness/core/assert.ts";
import type { ActiveDisturbance } from "../harness/faults/active-disturbance.ts";
import type { Route } from "../harness/model/route.ts";
import type { ControlChannel } from "../harness/wire/control-channel.ts";
import type { Command, Report } from "../harness/wire/control-message.ts";
import { HostFrame } from "../harness/wire/host-frame.ts";
import type { RunFrame } from "../harness/wire/host-frame.ts";
import { timerAlarm } from "../harness/wire/timer-alarm.ts";
import { MockService } from "./mock-service.ts";

/** Half the grain of a timer: see wire/agenda.ts. */
const EARLY_MS = 0.5;

export class ServiceHost {
  readonly #channel: ControlChannel<Report, Command>;
  readonly #onEnd: () => void;
  readonly #frame: HostFrame;
  readonly #instances = new Map<number, MockService>();
  readonly #routes = new Map<number, Route>();
  #active: readonly ActiveDisturbance[] = [];

  /** `onEnd`: after `abort`, no port is open any more. */
  constructor(channel: ControlChannel<Report, Command>, onEnd: () => void) {
    this.#channel = channel;
    this.#onEnd = onEnd;
    this.#frame = new HostFrame({
      channel,
      alarm: timerAlarm,
      earlyMs: EARLY_MS,
      onStall: (nowMs, lagMs) => this.#stalled(nowMs, lagMs),
      observe: (nowMs) => this.#everyone((service) => service.actor?.observe(nowMs)),
    });
    channel.onMessage((command) => this.#obey(command));
  }

  #obey(command: Command): void {
    switch (command.do) {
      case "setup":
        return this.#frame.setUp(command);
      case "listen":
        return void this.#listen(command);
      case "begin":
        return this.#frame.begin(command, (frame) => {
          for (const service of this.#instances.values()) this.#start(service, frame);
        });
      case "addresses":
        return this.#frame.book.add(command.addresses);
      case "route":
        this.#routes.set(command.route.service, command.route);
        return this.#everyone((instance) => instance.command((actor) => actor.route(command.route)));
      case "disturb":
        this.#active = command.active;
        return this.#everyone((instance) => instance.command((actor) => actor.disturb(command.active)));
      case "ready":
        return this.#instances.get(command.id)?.command((actor, nowMs) => actor.ready(nowMs));
      case "openPort":
        return this.#instances.get(command.id)?.openPort(command.isOpen);
      case "order":
        return this.#instances.get(command.id)?.command((actor, nowMs) => actor.order(nowMs, command.order));
      case "capacity":
        return this.#instances.get(command.id)?.command((actor, nowMs) => actor.capacity(nowMs, command.ratio));
      case "unready":
        return this.#instances.get(command.id)?.command((actor, nowMs) => actor.ready(nowMs, false));
      case "errand":
        return this.#instances
          .get(command.id)
          ?.command((actor, nowMs) => actor.errand(nowMs, command.errand, command.serial));
      case "stop":
        return this.#instances.get(command.id)?.command((actor, nowMs) => actor.stop(nowMs));
      case "pause":
        return this.#pause(command.id);
      case "resume":
        return this.#command((nowMs) => this.#instances.get(command.id)?.resume(nowMs));
      case "kill":
        return this.#kill(command.id, command.isShared);
      case "drop":
        return this.#drop(command.id);
      case "finish":
        return this.#frame.finish(() => null);
      case "measureLoopback":
      case "orderClients":
        return assert(false, `a service process cannot ${command.do}`);
      default:
        unreachable(command);
    }
  }

  async #listen({ instance, ordinal }: Extract<Command, { do: "listen" }>): Promise<void> {
    const { id, generation } = instance;
    const service = new MockService(instance, ordinal, {
      drained: () => this.#drained(service),
      crashed: () => this.#crashed(service),
      errandDone: (serial, isOk) => this.#channel.send({ report: "errandDone", id, generation, serial, isOk }),
    });
    this.#instances.set(id, service);
    const port = await service.listen(this.#frame.plan);
    if (port === null) return;
    if (this.#frame.running !== null) this.#start(service, this.#frame.running);
    this.#channel.send({ report: "listening", id, generation, port });
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
    this.#command((nowMs) => {
      this.#instances.get(id)?.pause(nowMs);
      this.#frame.partial(nowMs);
    });
    this.#channel.send({ report: "paused", id });
  }

  #kill(id: number, isShared: boolean): void {
    const service = this.#instances.get(id);
    if (service === undefined) return;
    this.#command((nowMs) => {
      service.crash(nowMs);
      this.#frame.partial(nowMs);
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
    this.#command((nowMs) => this.#frame.partial(nowMs));
    this.#channel.send({ report: "drained", id, generation });
  }

  /** It died by itself: its last numbers, and the supervisor ends the process where it has one of its own. */
  #crashed(service: MockService): void {
    if (this.#instances.get(service.instance.id) === service) this.#kill(service.instance.id, true);
  }

  /** What SIGKILL does to a process, where there is none to kill; resolves when no port is open. */
  async abort(): Promise<void> {
    this.#frame.running?.agenda.close();
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

  #command(handle: (nowMs: number) => void): void {
    this.#frame.running?.agenda.command(handle);
  }

  #everyone(act: (instance: MockService) => void): void {
    for (const instance of this.#instances.values()) act(instance);
  }
}
