// One run on the live fleet, in the supervisor: the conductor with its agenda, the buckets that come in, the end.
import { join } from "node:path";
import type { Conductor } from "../engine/conductor.ts";
import type { RunOptions } from "../engine/engine.ts";
import type { CarePort } from "../engine/care-port.ts";
import type { FleetPort } from "../engine/fleet-port.ts";
import { conductorOf } from "../engine/taped-conductor.ts";
import type { InstanceOrder } from "../faults/instance-order.ts";
import type { ClientOrder } from "../model/client-order.ts";
import type { InstanceRef } from "../model/route.ts";
import type { Plan } from "../model/plan.ts";
import type { RunEvent } from "../recording/event.ts";
import { planHash } from "../recording/plan-hash.ts";
import { RECORDING_FORMAT } from "../recording/recording.ts";
import type { RecordingSink, RunEnd } from "../recording/recording.ts";
import type { Bucket } from "../signals/bucket.ts";
import { FAULT, FAULT_WIDTH, LIFE, SERVICE_WIDTH } from "../signals/columns.ts";
import { layoutOf } from "../signals/layout.ts";
import { Tally } from "../signals/tally.ts";
import { Agenda } from "../wire/agenda.ts";
import type { Entry } from "../wire/agenda.ts";
import { monotonicMs, RunClock } from "../wire/run-clock.ts";
import { TapeFile } from "../wire/tape-file.ts";
import { timerAlarm } from "../wire/timer-alarm.ts";
import { BucketGathering } from "./bucket-gathering.ts";
import { Fleet } from "./fleet.ts";
import type { FleetOptions } from "./fleet.ts";
import { judgeGenerator } from "./generator-verdict.ts";
import { LateStarts } from "./late-starts.ts";
import { noteOf } from "./progress-note.ts";
import { Standstills } from "./standstills.ts";

export interface LiveRunOptions extends Pick<FleetOptions, "plan" | "isolation" | "launch"> {
  readonly sink: RecordingSink;
  readonly progress: RunOptions["onProgress"];
  readonly startWithinMs: number;
  /** The folder for the tapes of this run, one a process; null = none. */
  readonly tapes: string | null;
}

/** The supervisor's own member number: it counts what faults did to instances. */
const SELF = -1;
/** From "everyone, run time starts then" to that moment. */
const BEGIN_LEAD_MS = { base: 150, perInstance: 5 };
/** A bucket waits for its reports at most this long; less where the control plane wants to see it sooner. */
const BUCKET_DEADLINE_MS = { least: 250, most: 1_000 };
const FINISH_WITHIN_MS = 5_000;
const PROGRESS_EVERY_MS = 250;

export class LiveRun implements FleetPort, CarePort {
  readonly #plan: Plan;
  readonly #sink: RecordingSink;
  readonly #options: LiveRunOptions;
  readonly #fleet: Fleet;
  readonly #conductor: Conductor;
  readonly #tape: TapeFile | null;
  readonly #gathering: BucketGathering;
  readonly #tally: Tally;
  readonly #standstills = new Standstills();
  readonly #lateStarts: LateStarts;
  /** Events wait for the bucket they fall into, so that the recording is in order of time. */
  #events: RunEvent[] = [];
  #agenda: Agenda | null = null;
  #entry: Entry = -1;
  #note: string | null = null;
  readonly #over = Promise.withResolvers<RunEnd>();

  constructor(options: LiveRunOptions) {
    const { plan, tapes } = options;
    this.#options = options;
    this.#plan = plan;
    this.#sink = options.sink;
    this.#lateStarts = new LateStarts(plan);
    this.#tally = new Tally(layoutOf(plan));
    this.#gathering = new BucketGathering((bucket) => this.#closed(bucket));
    this.#tape = tapes === null ? null : new TapeFile(join(tapes, "conductor.jsonl"), plan);
    this.#conductor = conductorOf(plan, this, this.#tape);
    this.#fleet = new Fleet({
      ...options,
      ...(tapes !== null && { tapeOf: (member: number) => join(tapes, `member-${member}.jsonl`) }),
      onUp: ({ id, generation }) => this.#tell((nowMs) => this.#conductor.up(nowMs, id, generation)),
      onGone: ({ id, generation }, how) => this.#tell((nowMs) => this.#conductor.gone(nowMs, id, generation, how)),
      onErrandDone: ({ id, generation, serial, isOk }) =>
        this.#tell((nowMs) => this.#conductor.errandDone(nowMs, id, generation, serial, isOk)),
      onJoin: (member) => this.#agenda === null && this.#gathering.join(member, 0),
      onLeave: (member) => this.#tell(() => this.#gathering.leave(member)),
      onReport: (member, report) => {
        if (report.report === "stalled") this.#standstills.add(report.atMs, report.lagMs);
        else this.#tell(() => this.#gathering.report(member, report.bucket, report.isPartial));
      },
      onLost: (message, isOurs) => {
        if (isOurs) this.lost(message);
        else this.#tell((nowMs) => this.warn(nowMs, "fleet-lost", message));
      },
    });
    // Nothing may be left unhandled when the run fails before anyone waits for its end.
    this.#over.promise.catch(() => {});
  }

  /** Resolves with the end that the sink was given. Rejects with an EngineFailure where the fleet does not start. */
  async run(signal: AbortSignal): Promise<RunEnd> {
    const { sink, startWithinMs, progress } = this.#options;
    const plan = this.#plan;
    void progress({ phase: "starting", runMs: 0, endMs: plan.endMs, note: null });
    let end: RunEnd = { reason: "interrupted", atMs: 0 };
    try {
      this.#conductor.begin();
      await this.#fleet.listening(startWithinMs, signal);
      const loopbackMs = await this.#fleet.measureLoopback(startWithinMs, signal);
      sink.begin({ format: RECORDING_FORMAT, engine: "live", planHash: planHash(plan), plan });
      end = await this.#drive(loopbackMs, signal);
      void progress({ phase: "stopping", runMs: this.#runMs(), endMs: plan.endMs, note: null });
      if (end.reason === "completed") end = await this.#finish();
    } catch (error) {
      if (!signal.aborted || error !== signal.reason) throw error;
      sink.begin({ format: RECORDING_FORMAT, engine: "live", planHash: planHash(plan), plan });
    }
    await this.destroy();
    this.#flushEvents(Infinity);
    sink.end(end);
    return end;
  }

  /** Ends whatever still runs, and waits until it is gone. */
  async destroy(): Promise<void> {
    this.#agenda?.close();
    this.#tape?.flush();
    await this.#fleet.destroy();
  }

  /** The run goes on, but its reader must know this. */
  warn(atMs: number, code: string, message: string): void {
    this.record({ atMs, kind: "warning", code, message });
  }

  /** The run cannot be vouched for any more. */
  lost(message: string): void {
    this.#over.resolve({ reason: "unsound", atMs: this.#runMs(), code: "fleet-lost", message });
  }

  start(instance: InstanceRef, isInitial: boolean): void {
    this.#fleet.start(instance, isInitial);
  }
  ready(instance: InstanceRef): void {
    this.#fleet.tell({ do: "ready", id: instance.id });
  }
  unready({ id }: InstanceRef): void {
    this.#fleet.tell({ do: "unready", id });
  }
  unhealthy({ service, variant, zone }: InstanceRef): void {
    const row = this.#tally.layout.serviceRow[service]![variant]![zone]!;
    this.#tally.services[row * SERVICE_WIDTH + LIFE.unhealthy]!++;
  }
  errand({ id }: InstanceRef, errand: number, serial: number): void {
    this.#fleet.tell({ do: "errand", id, errand, serial });
  }
  stop(instance: InstanceRef): void {
    this.#fleet.stop(instance);
  }
  kill(instance: InstanceRef): void {
    this.#fleet.kill(instance);
  }
  pause(instance: InstanceRef): void {
    this.#fleet.pause(instance);
  }
  resume(instance: InstanceRef): void {
    this.#fleet.resume(instance);
  }
  listen(instance: InstanceRef, isOpen: boolean): void {
    this.#fleet.tell({ do: "openPort", id: instance.id, isOpen });
  }
  order({ id }: InstanceRef, order: InstanceOrder): void {
    this.#fleet.tell({ do: "order", id, order });
  }
  capacity(instance: InstanceRef, ratio: number): void {
    this.#fleet.tell({ do: "capacity", id: instance.id, ratio });
  }
  route(...route: Parameters<FleetPort["route"]>): void {
    this.#fleet.route(...route);
  }
  disturb(...active: Parameters<FleetPort["disturb"]>): void {
    this.#fleet.disturb(...active);
  }
  orderClients(order: ClientOrder): void {
    this.#fleet.orderClients(order);
  }
  countFault(timeline: number, hits: number): void {
    const row = this.#tally.layout.faultRow[timeline]!;
    this.#tally.faults[row * FAULT_WIDTH + FAULT.hits]! += hits;
  }

  record(event: RunEvent): void {
    if (event.atMs > this.#plan.endMs) return;
    this.#events.push(event);
    this.#lateStarts.saw(event);
    this.#note = noteOf(event) ?? this.#note;
  }

  /** From the beginning of run time to its end, however it comes. */
  async #drive(loopbackMs: number, signal: AbortSignal): Promise<RunEnd> {
    const { endMs } = this.#plan;
    const leadMs = BEGIN_LEAD_MS.base + BEGIN_LEAD_MS.perInstance * this.#fleet.size;
    const clock = new RunClock(monotonicMs() + leadMs);
    this.#gathering.join(SELF, 0);
    this.#fleet.begin(clock.originMs, loopbackMs);
    const agenda = new Agenda({
      clock,
      alarm: timerAlarm(clock),
      earlyMs: 0,
      onStall: (atMs, lagMs) => this.#standstills.add(atMs, lagMs),
    });
    this.#agenda = agenda;
    this.#entry = agenda.add({
      nextWakeup: () => {
        const nextMs = this.#conductor.nextWakeup();
        return nextMs < endMs ? nextMs : Infinity;
      },
      wake: (dueMs) => this.#safely(() => this.#conductor.wake(dueMs)),
    });
    this.#awaitBucket(0);
    const interrupt = (): void => this.#over.resolve({ reason: "interrupted", atMs: this.#runMs() });
    signal.addEventListener("abort", interrupt, { once: true });
    if (signal.aborted) interrupt();
    const ticking = setInterval(() => {
      void this.#options.progress({ phase: "running", runMs: this.#runMs(), endMs, note: this.#note });
    }, PROGRESS_EVERY_MS);
    try {
      return await this.#over.promise;
    } finally {
      clearInterval(ticking);
      signal.removeEventListener("abort", interrupt);
    }
  }

  #awaitBucket(index: number): void {
    const { bucketMs, endMs, monitoringDelayMs } = this.#plan;
    const closeMs = (index + 1) * bucketMs;
    if (closeMs > endMs) return;
    const { least, most } = BUCKET_DEADLINE_MS;
    const waitMs = Math.min(most, Math.max(least, monitoringDelayMs));
    const agenda = this.#agenda!;
    agenda.at(closeMs, () => {
      this.#safely(() => this.#gathering.report(SELF, this.#tally.close(index), false));
      this.#awaitBucket(index + 1);
    });
    agenda.at(closeMs + waitMs, () => this.#safely(() => this.#gathering.expire(index)));
  }

  #closed(bucket: Bucket): void {
    const { bucketMs, endMs } = this.#plan;
    const bucketEndMs = (bucket.index + 1) * bucketMs;
    this.#flushEvents(bucketEndMs);
    this.#sink.bucket(bucket);
    this.#conductor.closed(bucket);
    this.#agenda?.refresh(this.#entry);
    if (bucketEndMs >= endMs) this.#over.resolve({ reason: "completed" });
  }

  #flushEvents(untilMs: number): void {
    // A warning of another process may be older than what is here already.
    const due = this.#events.filter(({ atMs }) => atMs < untilMs).sort((a, b) => a.atMs - b.atMs);
    this.#events = this.#events.filter(({ atMs }) => atMs >= untilMs);
    for (const event of due) this.#sink.event(event);
  }

  /** The fleet's last words, and whether the generator kept up. */
  async #finish(): Promise<RunEnd> {
    const { endMs } = this.#plan;
    await this.#fleet.finish(FINISH_WITHIN_MS);
    const standstills = this.#standstills.text();
    if (standstills !== null) this.warn(endMs, "fleet-stalled", standstills);
    const lateStarts = this.#lateStarts.text();
    if (lateStarts !== null) this.warn(endMs, "late-starts", lateStarts);
    const judgement = judgeGenerator(this.#fleet.figures);
    if (judgement === null) return { reason: "completed" };
    const { isSound, message } = judgement;
    if (!isSound) return { reason: "unsound", atMs: endMs, code: "generator-saturated", message };
    this.warn(endMs, "generator-saturated", message);
    return { reason: "completed" };
  }

  #runMs(): number {
    return this.#agenda === null ? 0 : Math.min(this.#agenda.toldMs, this.#plan.endMs);
  }

  /** Something happened to the fleet: after what was due before, told the time it is. */
  #tell(handle: (nowMs: number) => void): void {
    this.#agenda?.message((nowMs) => this.#safely(() => handle(nowMs)), this.#entry);
  }

  /** An error under a timer or a message ends the run, and not the process with the fleet still running. */
  #safely(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#over.reject(error);
    }
  }
}
