// All faults there are. A new one is one file beside this one and one row here: see docs/add-a-fault.md.
import { bandwidth } from "./bandwidth.ts";
import { cacheFlush } from "./cache-flush.ts";
import { capacity } from "./capacity.ts";
import { connectionLimit } from "./connection-limit.ts";
import { crash } from "./crash.ts";
import { dns } from "./dns.ts";
import { error } from "./error.ts";
import { failReadiness } from "./fail-readiness.ts";
import type { Fault } from "./fault.ts";
import { hang } from "./hang.ts";
import { latency } from "./latency.ts";
import { loadSpike } from "./load-spike.ts";
import { malformed } from "./malformed.ts";
import { memoryLeak } from "./memory-leak.ts";
import { packetLoss } from "./packet-loss.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { refuse } from "./refuse.ts";
import { reset } from "./reset.ts";
import { restart } from "./restart.ts";
import { slowBody } from "./slow-body.ts";
import { slowStart } from "./slow-start.ts";
import { zoneOutage } from "./zone-outage.ts";

export const faults = {
  latency,
  error,
  reset,
  hang,
  slowBody,
  malformed,
  packetLoss,
  bandwidth,
  partition,
  dns,
  loadSpike,
  refuse,
  crash,
  restart,
  zoneOutage,
  slowStart,
  failReadiness,
  memoryLeak,
  cacheFlush,
  connectionLimit,
  pause,
  capacity,
} satisfies Record<string, Fault>;

export type FaultKind = keyof typeof faults;

export function isFaultKind(kind: string): kind is FaultKind {
  return Object.hasOwn(faults, kind);
}
