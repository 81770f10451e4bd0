// The fleet as real processes: carries out what the conductor asks for, and reports who came up and who is gone.
//
//   start ─► spawn ─► setup, listen ─► listening ─► addresses to all, begin ─► up
//   kill  ─► last numbers (dying) ─► SIGKILL ─► exit ─► gone          pause ─► paused ─► SIGSTOP … SIGCONT ─► resume
//   stop  ─► drained ─► finish ─► finished ─► SIGKILL ─► exit ─► gone
import { assert, unreachable } from "../core/assert.ts";
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import type { ClientOrder } from "../model/client-order.ts";
import type { InstanceRef, Route } from "../model/route.ts";
import type { Plan } from "../model/plan.ts";
import { AddressBook } from "../wire/address-book.ts";
import { CONTROL_PROTOCOL } from "../wire/control-message.ts";
import type { Command, GeneratorFigures, Report } from "../wire/control-message.ts";
import { exitText, FleetMember } from "./fleet-member.ts";
import type { Tenant } from "./fleet-member.ts";
import type { HostKind, HostProcess } from "./host-process.ts";
import { StartWait } from "./start-wait.ts";

/** What lives together: an instance a process, the instances of a version a process, or everything in the harness. */
export type Isolation = "process" | "service" | "inline";

export interface FleetOptions {
  readonly plan: Plan;
  readonly isolation: Isolation;
  readonly launch: (kind: HostKind) => HostProcess;
  /** Where a member of this number puts its machines on tape; absent = nowhere. */
  readonly tapeOf?: (member: number) => string;
  readonly onUp: (instance: InstanceRef) => void;
  readonly onGone: (instance: InstanceRef, how: "stopped" | "crashed") => void;
  readonly onReport: (member: number, report: Extract<Report, { report: "bucket" | "stalled" }>) => void;
  readonly onErrandDone: (report: Extract<Report, { report: "errandDone" }>) => void;
  /** A member began to run, or will report nothing more. */
  readonly onJoin: (member: number) => void;
  readonly onLeave: (member: number) => void;
  /** A process ended of which nobody had asked it. `isOurs`: by itself and not by a signal, so something is wrong with it. */
  readonly onLost: (message: string, isOurs: boolean) => void;
}

export class Fleet {
  readonly #options: FleetOptions;
  readonly #members: FleetMember[] = [];
  /** By instance id: where its latest life is. */
  readonly #homes = new Map<number, { readonly member: FleetMember; readonly tenant: Tenant }>();
  /** Members that several instances share, by what they have in common. */
  readonly #shared = new Map<string, FleetMember>();
  readonly #book = new AddressBook();
  readonly #ordinals = new Map<number, number>();
  readonly #started: number[];
  readonly #routes = new Map<number, Route>();
  readonly #generator: FleetMember;
  #active: readonly ActiveDisturbance[] = [];
  #begin: Extract<Command, { do: "begin" }> | null = null;
  #isEnding = false;
  #loopbackMs: number | null = null;
  #figures: GeneratorFigures | null = null;
  /** While the fleet is started: whoever waits for it. */
  readonly #wait = new StartWait();

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#started = options.plan.services.map(() => 0);
    this.#generator = this.#enlist("load generator", "load", false);
  }

  /** Instances that were ever started; one that starts again is no other. */
  get size(): number {
    return this.#homes.size;
  }

  /** How punctual the generator was; known after `finish`. */
  get figures(): GeneratorFigures | null {
    return this.#figures;
  }

  start(ref: InstanceRef, isInitial: boolean): void {
    const ordinal = this.#ordinals.get(ref.id) ?? (isInitial ? this.#started[ref.service]!++ : -1);
    this.#ordinals.set(ref.id, ordinal);
    const member = this.#memberFor(ref);
    const tenant: Tenant = { ref, state: "starting" };
    member.tenants.set(ref.id, tenant);
    this.#homes.set(ref.id, { member, tenant });
    member.send({ do: "listen", instance: ref, ordinal });
  }

  /** Resolves when every instance asked for so far listens. Rejects with an EngineFailure where that cannot be. */
  async listening(withinMs: number, signal: AbortSignal): Promise<void> {
    const all = this.#homes.size;
    const waiting = (): string[] =>
      [...this.#homes.values()].flatMap(({ tenant, member }) => (tenant.state === "starting" ? [member.name] : []));
    await this.#wait.until(
      () => waiting().length === 0,
      () => `${all - waiting().length} of ${all} instances became ready, ${waiting()[0]} did not`,
      withinMs,
      signal,
    );
  }

  /** Resolves with the median round trip over loopback, measured by the generator against one instance. */
  async measureLoopback(withinMs: number, signal: AbortSignal): Promise<number> {
    const [address] = this.#book.all();
    assert(address !== undefined, "a fleet has an instance");
    this.#generator.send({ do: "measureLoopback", port: address.port });
    await this.#wait.until(
      () => this.#loopbackMs !== null,
      () => "the load generator did not answer",
      withinMs,
      signal,
    );
    return this.#loopbackMs!;
  }

  /** Run time starts for everyone. */
  begin(originMs: number, loopbackMs: number): void {
    this.#begin = { do: "begin", originMs, loopbackMs };
    for (const member of this.#members) this.#beginMember(member);
  }

  /** A command that the instance itself carries out. */
  tell(command: Extract<Command, { do: "ready" | "unready" | "capacity" | "openPort" | "order" | "errand" }>): void {
    this.#homes.get(command.id)?.member.send(command);
  }

  stop({ id }: InstanceRef): void {
    const home = this.#homes.get(id);
    if (home === undefined || home.tenant.state === "gone") return;
    home.tenant.state = "stopping";
    home.member.send({ do: "stop", id });
  }

  kill({ id }: InstanceRef): void {
    const home = this.#homes.get(id);
    if (home === undefined || home.tenant.state === "gone" || home.tenant.state === "dying") return;
    if (home.tenant.state !== "stopping") home.tenant.state = "dying";
    home.member.killTenant(id);
  }

  pause({ id }: InstanceRef): void {
    this.#homes.get(id)?.member.pause(id);
  }

  resume({ id }: InstanceRef): void {
    this.#homes.get(id)?.member.resume(id);
  }

  route(route: Route): void {
    this.#routes.set(route.service, route);
    this.#everyone({ do: "route", route });
  }

  disturb(active: readonly ActiveDisturbance[]): void {
    this.#active = active;
    this.#everyone({ do: "disturb", active });
  }

  orderClients(order: ClientOrder): void {
    this.#generator.send({ do: "orderClients", order });
  }

  /** Asks everyone for their last numbers; resolves when all are gone, by force after `withinMs`. */
  async finish(withinMs: number): Promise<void> {
    this.#isEnding = true;
    for (const member of this.#members) member.finish();
    const timer = setTimeout(() => this.#killAll(), withinMs);
    await this.#reaped();
    clearTimeout(timer);
  }

  /** Kills everything; resolves when no process is left. */
  async destroy(): Promise<void> {
    this.#killAll();
    await this.#reaped();
  }

  #killAll(): void {
    this.#isEnding = true;
    for (const member of this.#members) member.kill();
  }

  async #reaped(): Promise<void> {
    await Promise.all(this.#members.map(({ exited }) => exited));
  }

  #memberFor({ id, service, variant }: InstanceRef): FleetMember {
    const { isolation, plan } = this.#options;
    const { name, variants } = plan.services[service]!;
    if (isolation === "process") return this.#enlist(`${name}#${id}`, "service", false);
    const key = isolation === "inline" ? "the fleet" : `${name} ${variants[variant]!.version}`;
    const known = this.#shared.get(key);
    if (known?.exit === null) return known;
    const member = this.#enlist(key, "service", true);
    this.#shared.set(key, member);
    return member;
  }

  #enlist(name: string, kind: HostKind, isShared: boolean): FleetMember {
    const { plan, launch, tapeOf } = this.#options;
    const member = new FleetMember(this.#members.length, name, launch(kind), isShared);
    this.#members.push(member);
    member.host.channel.onMessage((report) => this.#hear(member, report));
    void member.exited.then(() => this.#ended(member));
    const tape = tapeOf && { tape: tapeOf(member.index) };
    member.send({ do: "setup", protocol: CONTROL_PROTOCOL, plan, ...tape });
    return member;
  }

  #beginMember(member: FleetMember): void {
    if (member.hasBegun || this.#begin === null || member.exit !== null) return;
    member.hasBegun = true;
    // All at once, and not as it came about: sixty processes that tell each other of sixty ports are 3,600 messages.
    member.send({ do: "addresses", addresses: this.#book.all() });
    for (const route of this.#routes.values()) member.send({ do: "route", route });
    member.send({ do: "disturb", active: this.#active });
    member.send(this.#begin);
    this.#options.onJoin(member.index);
  }

  #hear(member: FleetMember, report: Report): void {
    switch (report.report) {
      case "ready":
        break;
      case "listening":
        this.#listens(member, report.id, report.port);
        break;
      case "loopback":
        this.#loopbackMs = report.roundTripMs;
        break;
      case "bucket":
      case "stalled":
        this.#options.onReport(member.index, report);
        break;
      case "errandDone":
        this.#options.onErrandDone(report);
        break;
      case "paused":
        member.holdStill();
        break;
      case "drained":
        if (member.isShared) {
          member.send({ do: "drop", id: report.id });
          this.#gone(member, report.id, "stopped");
        } else member.finish();
        break;
      case "dying":
        if (member.isShared) this.#gone(member, report.id, "crashed");
        else member.kill();
        break;
      case "finished":
        this.#figures = report.generator ?? this.#figures;
        member.kill();
        break;
      default:
        unreachable(report);
    }
    this.#wait.look();
  }

  #listens(member: FleetMember, id: number, port: number): void {
    const tenant = member.tenants.get(id);
    // Stopped already: nobody hears of its port, but only one that has begun can say that it holds nothing.
    if (tenant?.state === "stopping") return this.#beginMember(member);
    if (tenant?.state !== "starting") return;
    tenant.state = "up";
    const { generation, service, zone } = tenant.ref;
    const address = { id, generation, service, zone, port };
    this.#book.add([address]);
    if (this.#begin === null) return;
    this.#everyone({ do: "addresses", addresses: [address] });
    this.#beginMember(member);
    this.#options.onUp(tenant.ref);
  }

  /** The process is gone: so is whoever still lived in it. */
  #ended(member: FleetMember): void {
    const { onLeave, onLost } = this.#options;
    const exit = member.exit!;
    onLeave(member.index);
    if (!member.isEnding) {
      this.#wait.fail(member.name, exit);
      const isOurs = member === this.#generator || exit.signal === null;
      onLost(`${member.name} ${exitText(exit)}`, isOurs);
    }
    for (const id of member.tenants.keys()) this.#gone(member, id, "crashed");
    this.#wait.look();
  }

  #gone(member: FleetMember, id: number, how: "stopped" | "crashed"): void {
    const tenant = member.tenants.get(id);
    // At the end of the run everyone goes; the conductor would take it for a crash and start them again.
    if (tenant === undefined || this.#isEnding) return;
    const wasStopping = tenant.state === "stopping";
    tenant.state = "gone";
    member.tenants.delete(id);
    this.#options.onGone(tenant.ref, wasStopping ? "stopped" : how);
  }

  /** Who has not begun yet learns of it when it begins. */
  #everyone(command: Command): void {
    for (const member of this.#members) if (member.hasBegun && member.exit === null) member.send(command);
  }
}
