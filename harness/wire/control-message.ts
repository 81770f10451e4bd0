// What the supervisor tells a process of the fleet and what that process reports: one JSON object a line, over
// an inherited pipe. No port, no token: who holds the pipe is the supervisor.
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import type { InstanceOrder } from "../faults/instance-order.ts";
import type { ClientOrder } from "../model/client-order.ts";
import type { InstanceRef, Route } from "../model/route.ts";
import type { Plan } from "../model/plan.ts";
import type { Bucket } from "../signals/bucket.ts";
import type { InstanceAddress } from "./address-book.ts";

/** A process that is told another protocol ends at once, and says so. */
export const CONTROL_PROTOCOL = "firebreak.control/1";

/** Instances are named by id; times are run time in milliseconds. */
export type Command =
  /** First of all: what the run is, and the file (if any) to put its machines on tape. Answered by `ready`. */
  | { readonly do: "setup"; readonly protocol: string; readonly plan: Plan; readonly tape?: string }
  /** Service processes: opens a port for this instance. Answered by `listening`. */
  | { readonly do: "listen"; readonly instance: InstanceRef; readonly ordinal: number }
  /** The generator: how long a round trip over loopback takes. Answered by `loopback`. */
  | { readonly do: "measureLoopback"; readonly port: number }
  /** Run time starts: `originMs` on the machine's monotonic clock. Before it, no actor exists. */
  | { readonly do: "begin"; readonly originMs: number; readonly loopbackMs: number }
  | { readonly do: "addresses"; readonly addresses: readonly InstanceAddress[] }
  | { readonly do: "route"; readonly route: Route }
  | { readonly do: "disturb"; readonly active: readonly ActiveDisturbance[] }
  /** The generator: what the people of its loads are asked to do. */
  | { readonly do: "orderClients"; readonly order: ClientOrder }
  /** Its start-up is over: from now on it counts as ready. */
  | { readonly do: "ready"; readonly id: number }
  /** It runs on, but does not count as ready. */
  | { readonly do: "unready"; readonly id: number }
  /** Answered by `errandDone`, unless the instance ends before. */
  | { readonly do: "errand"; readonly id: number; readonly errand: number; readonly serial: number }
  /** From now on nobody listens at its port, or somebody does again. */
  | { readonly do: "openPort"; readonly id: number; readonly isOpen: boolean }
  /** Something for the instance's own machines. */
  | { readonly do: "order"; readonly id: number; readonly order: InstanceOrder }
  | { readonly do: "capacity"; readonly id: number; readonly ratio: number }
  /** Answered by `paused`, whereupon the supervisor sends SIGSTOP where the instance has a process of its own. */
  | { readonly do: "pause"; readonly id: number }
  | { readonly do: "resume"; readonly id: number }
  /** Graceful. Answered by `drained` when nothing is held any more. */
  | { readonly do: "stop"; readonly id: number }
  /** A drained instance of a shared process: its port closes. */
  | { readonly do: "drop"; readonly id: number }
  /** Last numbers before the end, answered by `dying`. The end itself is a SIGKILL, or in a shared process the reset of its sockets. */
  | { readonly do: "kill"; readonly id: number; readonly isShared: boolean }
  /** The run is over: the last numbers, then `finished`, whereupon the supervisor ends the process. */
  | { readonly do: "finish" };

export type Report =
  | {
      readonly report: "errandDone";
      readonly id: number;
      readonly generation: number;
      readonly serial: number;
      readonly isOk: boolean;
    }
  | { readonly report: "ready"; readonly protocol: string }
  | { readonly report: "listening"; readonly id: number; readonly generation: number; readonly port: number }
  | { readonly report: "loopback"; readonly roundTripMs: number }
  /** A closed bucket. `isPartial`: more of the same second follows. */
  | { readonly report: "bucket"; readonly bucket: Bucket; readonly isPartial: boolean }
  | { readonly report: "paused"; readonly id: number }
  | { readonly report: "drained"; readonly id: number; readonly generation: number }
  | { readonly report: "dying"; readonly id: number; readonly generation: number }
  /** The process did nothing for `lagMs` although something was due, and no fault had asked for it. */
  | { readonly report: "stalled"; readonly atMs: number; readonly lagMs: number }
  | { readonly report: "finished"; readonly generator: GeneratorFigures | null };

/** How punctual the load generator was. Times in milliseconds. */
export interface GeneratorFigures {
  readonly sent: number;
  /** Requests that were due but not sent, for want of sockets. */
  readonly dropped: number;
  /** Actual minus intended send time. */
  readonly sendErrorMs: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
}
