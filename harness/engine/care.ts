// What keeps instances ready and alive, as the kubelet does: the work of their start-up, and probes, whose results let
// them be ready, withdraw them, or have them started again.
//
//   up ─► (start-up time) ─► served ─► start-up work ─► startup probe ─► readiness probe ─► ready ◄─► unready
//                                          └─ fails: crash     └─ fails, or liveness does: recycle
import { hashText, mixHigh, mixLow, unit } from "../core/key.ts";
import { WakeHeap } from "../core/wake-heap.ts";
import type { LifePlan } from "../model/life-plan.ts";
import type { Plan } from "../model/plan.ts";
import type { InstanceRef } from "../model/route.ts";
import { ERRAND_COUNT, READINESS_PROBE, STARTUP_PROBE, STARTUP_WORK } from "../service/errand.ts";
import { Probe } from "../service/probe.ts";
import type { CarePort } from "./care-port.ts";

/** What care comes to. Each names an instance by its id, and is ignored where it is so already. */
export interface Ward {
  becomeReady(id: number): void;
  becomeUnready(id: number): void;
  /** It ended by itself, badly. */
  crash(id: number): void;
  /** It is to be stopped gracefully and started again. */
  recycle(id: number): void;
}

/** One life of an instance. */
interface Patient {
  readonly ref: InstanceRef;
  readonly life: LifePlan;
  /** By errand. */
  readonly probes: readonly (Probe | null)[];
  /** By errand: the serial of what is under way; 0 = nothing. */
  readonly underWay: number[];
  /** Its start-up is over: it answers probes. */
  isServing: boolean;
  /** Its startup probe has succeeded, or it has none. */
  isStarted: boolean;
  /** A fault makes its readiness probe fail. */
  isFailing: boolean;
}

const PHASE = hashText("probes");

export class Care {
  readonly #plan: Plan;
  readonly #port: CarePort;
  readonly #ward: Ward;
  readonly #patients = new Map<number, Patient>();
  /** Sends and timeouts, by instance × ERRAND_COUNT + errand. */
  readonly #due = new WakeHeap();
  #serial = 0;

  constructor(plan: Plan, port: CarePort, ward: Ward) {
    this.#plan = plan;
    this.#port = port;
    this.#ward = ward;
  }

  /** One that is ready from the beginning of the run: its probes have been going on for long, each at a time of its own. */
  adopt(ref: InstanceRef): void {
    this.#take(ref, 0, true);
  }

  /** Its process is there. */
  born(nowMs: number, ref: InstanceRef): void {
    this.#take(ref, nowMs, false);
  }

  /** Its start-up time is over. */
  served(ref: InstanceRef): void {
    const patient = this.#patients.get(ref.id);
    if (patient === undefined) this.#ward.becomeReady(ref.id);
    else if (patient.life.startupWork === null) this.#serve(patient);
    else this.#send(patient, STARTUP_WORK);
  }

  /** From now on its readiness probe fails, or tells the truth again; false where it has none. */
  failReadiness(id: number, isFailing: boolean): boolean {
    const patient = this.#patients.get(id);
    const hasProbe = (patient?.probes[READINESS_PROBE] ?? null) !== null;
    if (patient !== undefined && hasProbe) patient.isFailing = isFailing;
    return hasProbe;
  }

  /** It is dead, or on its way out. */
  leave(id: number): void {
    this.#patients.delete(id);
    for (let errand = 0; errand < ERRAND_COUNT; errand++) this.#due.remove(id * ERRAND_COUNT + errand);
  }

  nextWakeup(): number {
    return this.#due.topTime;
  }

  /** Sends what is due, and gives up what has not been answered in time. */
  wake(nowMs: number): void {
    while (this.#due.topTime <= nowMs) {
      const key = this.#due.topId;
      this.#due.remove(key);
      const patient = this.#patients.get(Math.floor(key / ERRAND_COUNT))!;
      const errand = key % ERRAND_COUNT;
      if (patient.underWay[errand]! > 0) this.#ended(nowMs, patient, errand, false);
      else this.#probe(nowMs, patient, errand);
    }
  }

  /** An errand has ended. One that was given up, or is of another life, is ignored. */
  errandDone(nowMs: number, id: number, generation: number, serial: number, isOk: boolean): void {
    const patient = this.#patients.get(id);
    if (patient?.ref.generation !== generation) return;
    const errand = patient.underWay.indexOf(serial);
    if (errand >= 0) this.#ended(nowMs, patient, errand, isOk);
  }

  #take(ref: InstanceRef, nowMs: number, isReady: boolean): void {
    const { life } = this.#plan.services[ref.service]!.variants[ref.variant]!;
    if (life === undefined) return;
    const { startup, readiness, liveness } = life.probes;
    const plans = [null, isReady ? null : startup, readiness, liveness];
    const high = mixHigh(this.#plan.seed | 0, PHASE, ref.id);
    const low = mixLow(this.#plan.seed | 0, PHASE, ref.id);
    const probes = plans.map((plan, errand) => {
      if (plan === null) return null;
      const phaseMs = isReady ? unit(high, low, errand) * plan.periodMs : 0;
      return new Probe(isReady ? { ...plan, initialDelayMs: 0 } : plan, nowMs + phaseMs);
    });
    const isStarted = probes[STARTUP_PROBE] === null;
    const underWay = probes.map(() => 0);
    const patient: Patient = { ref, life, probes, underWay, isServing: isReady, isStarted, isFailing: false };
    this.#patients.set(ref.id, patient);
    probes.forEach((_, errand) => this.#await(patient, errand));
  }

  #serve(patient: Patient): void {
    patient.isServing = true;
    if (patient.isStarted) this.#readyWithoutProbe(patient);
  }

  /** Without a readiness probe an instance is ready as soon as it serves and has started. */
  #readyWithoutProbe({ ref, life, probes, isServing }: Patient): void {
    if (isServing && probes[READINESS_PROBE] === null && !life.failReadiness) this.#ward.becomeReady(ref.id);
  }

  #probe(nowMs: number, patient: Patient, errand: number): void {
    const probe = patient.probes[errand]!;
    if (!patient.isStarted && errand !== STARTUP_PROBE) {
      probe.skip(nowMs);
      this.#await(patient, errand);
      return;
    }
    probe.sent(nowMs);
    // Nobody listens before the start-up is over.
    const isUnready = patient.life.failReadiness || patient.isFailing;
    const isRefused = !patient.isServing || (errand === READINESS_PROBE && isUnready);
    if (isRefused) this.#ended(nowMs, patient, errand, false);
    else {
      this.#due.set(patient.ref.id * ERRAND_COUNT + errand, nowMs + probe.plan.timeoutMs);
      this.#send(patient, errand);
    }
  }

  #send({ ref, underWay }: Patient, errand: number): void {
    underWay[errand] = ++this.#serial;
    this.#port.errand(ref, errand, this.#serial);
  }

  #ended(nowMs: number, patient: Patient, errand: number, isOk: boolean): void {
    const { id } = patient.ref;
    patient.underWay[errand] = 0;
    if (errand === STARTUP_WORK) {
      if (isOk) this.#serve(patient);
      else this.#ward.crash(id);
      return;
    }
    const known = patient.probes[errand]!.ended(nowMs, isOk);
    this.#await(patient, errand);
    if (known === null) return;
    if (errand === READINESS_PROBE) {
      if (known) this.#ward.becomeReady(id);
      else this.#ward.becomeUnready(id);
    } else if (!known) {
      this.leave(id);
      this.#port.unhealthy(patient.ref);
      this.#ward.recycle(id);
    } else if (errand === STARTUP_PROBE) this.#started(nowMs, patient);
  }

  /** From now on the other probes count, readiness at once; the startup probe has done its duty. */
  #started(nowMs: number, patient: Patient): void {
    const { id } = patient.ref;
    patient.isStarted = true;
    this.#due.remove(id * ERRAND_COUNT + STARTUP_PROBE);
    if (patient.probes[READINESS_PROBE] === null) this.#readyWithoutProbe(patient);
    else this.#due.set(id * ERRAND_COUNT + READINESS_PROBE, nowMs);
  }

  #await({ ref, probes }: Patient, errand: number): void {
    const probe = probes[errand];
    if (probe !== null && probe !== undefined) this.#due.set(ref.id * ERRAND_COUNT + errand, probe.nextMs);
  }
}

/** Whether any instance of the plan needs it. */
export function needsCare({ services }: Plan): boolean {
  return services.some(({ variants }) => variants.some(({ life }) => life !== undefined && isCaredFor(life)));
}

function isCaredFor({ startupWork, probes, failReadiness }: LifePlan): boolean {
  return startupWork !== null || failReadiness || Object.values(probes).some((probe) => probe !== null);
}
