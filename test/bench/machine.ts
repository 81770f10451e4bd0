// What the figures were measured on.
import { cpus, loadavg } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
}

export function machine(): Machine {
  const processors = cpus();
  return { cpu: processors[0]?.model.trim() ?? "unknown", cores: processors.length, node: process.version };
}

/** How many programs of others wanted to run in the last minute: on a quiet machine, none. */
export function loadBefore(): number {
  return Math.round(loadavg()[0]! * 10) / 10;
}
