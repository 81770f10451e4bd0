// One instance as the control plane knows it, and where it stands in its life.
import type { Plan } from "../model/plan.ts";
import type { InstanceRef } from "../model/route.ts";
import type { RunEvent } from "../recording/event.ts";
import type { InstanceView } from "../rollout/fleet-view.ts";

export type Life =
  | { readonly is: "starting"; readonly isUp: boolean; readonly startUpEndMs: number }
  /** It runs, and is no endpoint: it does its start-up work, or its probes do not say that it is ready. */
  | { readonly is: "started" }
  | { readonly is: "ready"; readonly sinceMs: number }
  /** Killed by a fault; the engine has not yet seen it dead. */
  | { readonly is: "dying" }
  /** Told to end because its probes found it dead; callers know it until it is seen to have ended, if they did. */
  | { readonly is: "recycled"; readonly wasReady: boolean }
  /** It died, and is not started again yet: there is no process. */
  | { readonly is: "backingOff" }
  /** `toldMs`: when its process was last told to end; from that instant on it may be gone any moment. */
  | { readonly is: "stopping"; readonly toldMs: number | null }
  | { readonly is: "gone" };

export type InstanceEventState = Extract<RunEvent, { kind: "instance" }>["state"];

export interface Instance {
  readonly ref: InstanceRef;
  /** The n-th instance of its service, from 0, in the order of first starts; `name` is `service#ordinal`. */
  readonly ordinal: number;
  readonly name: string;
  readonly life: Life;
}

/** Whether callers are told of it. */
export function isEndpoint(life: Life): boolean {
  return life.is === "ready" || (life.is === "recycled" && life.wasReady);
}

/** How an instance begins. */
export interface Start {
  /** It takes over from one that runs, and needs no time to start. */
  readonly isWarm: boolean;
  /** Id of the instance whose connections it takes over, or null. */
  readonly replaces: number | null;
}

export const COLD: Start = { isWarm: false, replaces: null };

/** What a rollout sees of it. */
export function viewOf({ ref, life }: Instance): InstanceView {
  return {
    id: ref.id,
    variant: ref.variant,
    zone: ref.zone,
    life: life.is === "ready" || life.is === "stopping" ? life.is : "starting",
    readySinceMs: life.is === "ready" ? life.sinceMs : Infinity,
  };
}

/** What the recording says of it. */
export function eventOf({ ref, name }: Instance, state: InstanceEventState, plan: Plan, atMs: number): RunEvent {
  const service = plan.services[ref.service]!;
  const { version } = service.variants[ref.variant]!;
  const zone = plan.zones[ref.zone]!;
  return { atMs, kind: "instance", instance: name, service: service.name, version, zone, state };
}
