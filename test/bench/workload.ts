// The workloads: which scenario file, and which of its variables give a run of so many requests.
import { fileURLToPath } from "node:url";

export interface Workload {
  readonly file: string;
  readonly ratePerSecond: number;
  /** Mean time of work of one call: what latencies are compared in. */
  readonly serviceMs: number;
  /** Beside `rate` and `duration`. */
  readonly vars: Readonly<Record<string, string>>;
}

/**
 * A queue does not care how fast its clock runs. mm1 and tandem run at 8,000 requests a second, so that a bucket, which
 * closes every second, holds about as many events as one of graph20.
 */
export const WORKLOADS = {
  mm1: { file: scenario("mm1"), ratePerSecond: 8000, serviceMs: 0.1, vars: {} },
  tandem: { file: scenario("tandem"), ratePerSecond: 8000, serviceMs: 0.1, vars: {} },
  graph20: { file: scenario("graph20"), ratePerSecond: 560, serviceMs: 10, vars: {} },
  /** The same graph, with as many more workers as its rate wants. */
  "graph20-thousand": { file: scenario("graph20"), ratePerSecond: 1000, serviceMs: 10, vars: { workers: "14" } },
} as const satisfies Record<string, Workload>;

/** A workload by name, or any scenario file that has `rate` and `duration` as variables. */
export function workloadOf(nameOrFile: string): Workload {
  const known = Object.entries(WORKLOADS).find(([name]) => name === nameOrFile);
  return known?.[1] ?? { file: nameOrFile, ratePerSecond: 560, serviceMs: 10, vars: {} };
}

/** The variables of a run of about so many requests. */
export function variablesFor({ ratePerSecond, vars }: Workload, requests: number): Record<string, string> {
  return { ...vars, rate: `${ratePerSecond}/s`, duration: `${Math.ceil(requests / ratePerSecond)}s` };
}

function scenario(name: string): string {
  return fileURLToPath(new URL(`scenarios/${name}.yaml`, import.meta.url));
}
