// The workloads: which scenario file, and which of its variables give a run of so many requests.
import { fileURLToPath } from "node:url";

export interface Workload {
  readonly file: string;
  readonly ratePerSecond: number;
  /** Beside `rate` and `duration`. */
  readonly vars: Readonly<Record<string, string>>;
}

export const WORKLOADS = {
  mm1: { file: scenario("mm1"), ratePerSecond: 800, vars: {} },
  tandem: { file: scenario("tandem"), ratePerSecond: 800, vars: {} },
  graph20: { file: scenario("graph20"), ratePerSecond: 560, vars: {} },
  /** The same graph at a rate that wants more workers. */
  "graph20-thousand": { file: scenario("graph20"), ratePerSecond: 1000, vars: { workers: "14" } },
} as const satisfies Record<string, Workload>;

/** The variables of a run of about so many requests. */
export function variablesFor({ ratePerSecond, vars }: Workload, requests: number): Record<string, string> {
  return { ...vars, rate: `${ratePerSecond}/s`, duration: `${Math.ceil(requests / ratePerSecond)}s` };
}

function scenario(name: string): string {
  return fileURLToPath(new URL(`scenarios/${name}.yaml`, import.meta.url));
}
