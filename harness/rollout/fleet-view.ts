// What a rollout sees of the service it changes.

export interface InstanceView {
  readonly id: number;
  readonly variant: number;
  readonly zone: number;
  /** A stopping instance is withdrawn and drains; it no longer counts as running. */
  readonly life: "starting" | "ready" | "stopping";
  /** Since when it is ready without a crash; Infinity while it is not. */
  readonly readySinceMs: number;
}

export interface FleetView {
  /** The instances of the released service in the order of their ids; those that are gone are left out. */
  readonly instances: readonly InstanceView[];
  /** Requests that the new version answered since the rollout entered its present state, as far as monitoring has seen. */
  readonly served: number;
}

/** The instances of one variant that are there to stay. */
export function runningOf(instances: readonly InstanceView[], variant: number): InstanceView[] {
  return instances.filter((instance) => instance.variant === variant && instance.life !== "stopping");
}

/** The instances of every other variant that are there to stay. */
export function runningBut(instances: readonly InstanceView[], variant: number): InstanceView[] {
  return instances.filter((instance) => instance.variant !== variant && instance.life !== "stopping");
}

export function readyCount(instances: readonly InstanceView[]): number {
  return instances.filter((instance) => instance.life === "ready").length;
}

/** Whether the service consists of `replicas` ready instances of `variant` and nothing else, drained ones included. */
export function consistsOf(instances: readonly InstanceView[], variant: number, replicas: number): boolean {
  return (
    readyCount(runningOf(instances, variant)) >= replicas && instances.every((instance) => instance.variant === variant)
  );
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
