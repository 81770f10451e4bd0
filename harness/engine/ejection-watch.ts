// Says when callers begin to leave endpoints out, and when the last of them is back: one event a call, whatever the number
// of callers and endpoints. Read from the buckets, so that it is the same on both engines and costs no caller anything;
// how many are ejected stands in the buckets themselves.
import type { CallPlan } from "../model/call-plan.ts";
import type { Plan } from "../model/plan.ts";
import { edgeName } from "../signals/address.ts";
import type { Bucket } from "../signals/bucket.ts";
import { EDGE } from "../signals/columns.ts";
import type { Happening } from "./agenda.ts";

export class EjectionWatch {
  readonly #plan: Plan;
  readonly #record: (happening: Happening) => void;
  /** By edge, of those whose callers may eject: whether somebody is ejected. */
  readonly #isEjecting = new Map<number, boolean>();

  constructor(plan: Plan, record: (happening: Happening) => void) {
    this.#plan = plan;
    this.#record = record;
    const callers = [...plan.services.flatMap(({ variants }) => variants), ...plan.loads];
    for (const call of callers.flatMap(({ calls }) => calls))
      if (mayEject(call)) this.#isEjecting.set(call.edge, false);
  }

  /** A bucket has ended; one in which somebody's numbers are missing says nothing. */
  closed(bucket: Bucket): void {
    if (this.#isEjecting.size === 0 || bucket.missing > 0) return;
    const shares = sharesOf(bucket);
    for (const [edge, was] of this.#isEjecting) {
      const share = shares.get(edge) ?? 0;
      if (share > 0 === was) continue;
      this.#isEjecting.set(edge, !was);
      const calls = edgeName(this.#plan.edges[edge]!, this.#plan);
      this.#record({ kind: "ejection", calls, state: was ? "over" : "begun", share });
    }
  }
}

function mayEject({ outlierDetection, failureAccrual }: CallPlan): boolean {
  return outlierDetection !== undefined || failureAccrual !== undefined;
}

/** Share of the endpoints that was ejected in a bucket, over its callers and its time, by edge; only where there was any. */
function sharesOf({ edges }: Bucket): Map<number, number> {
  const shares = new Map<number, number>();
  for (const row of edges) {
    const ejectedMs = valueOf(row, EDGE.ejectedMs);
    if (ejectedMs > 0) shares.set(row[0]!, ejectedMs / valueOf(row, EDGE.endpointsMs));
  }
  return shares;
}

/** A column of a sparse row. */
function valueOf(row: readonly number[], column: number): number {
  for (let i = 1; i < row.length; i += 2) if (row[i] === column) return row[i + 1]!;
  return 0;
}
