// The call policies of one caller (a version of a service, or a load): one Plan entry per policy that its calls use.
import type { CallPlan } from "../model/call-plan.ts";
import type { AtPace } from "../schema/at-pace.ts";
import { serviceAddressOf, type ServiceAddress } from "../schema/service-address.ts";
import type { WrittenCall } from "./call-schema.ts";
import type { Cursor } from "./cursor.ts";
import type { Edges } from "./edges.ts";
import type { FleetNames } from "./fleet-names.ts";

export type CallPolicy = AtPace<WrittenCall>;

/** Everything that the calls of one caller are compiled from. */
export interface Caller {
  readonly type: "service" | "load";
  readonly index: number;
  /** Its `calls`, complete: by callee or callee.operation. */
  readonly policies: Readonly<Record<string, CallPolicy>>;
  /** What holds where it has no entry. */
  readonly otherwise: CallPolicy;
  /** Whether its users are few enough to be told apart, so that each can be attached to an instance. */
  readonly knowsUsers?: boolean;
}

export class CallCompiler {
  readonly list: CallPlan[] = [];
  readonly #caller: Caller;
  readonly #names: FleetNames;
  readonly #edges: Edges;
  /** Index in `list` by callee, or callee.operation where that has an entry of its own. */
  readonly #index = new Map<string, number>();

  constructor(caller: Caller, names: FleetNames, edges: Edges) {
    this.#caller = caller;
    this.#names = names;
    this.#edges = edges;
  }

  /** The entry that covers a call to `address`, which was written at `cursor`; null where it leads nowhere. */
  find(address: ServiceAddress, cursor: Cursor): { call: number; operation: number; service: number } | null {
    const target = this.#names.find(address, cursor);
    if (target === null) return null;
    const { service, operation } = target;
    const callee = this.#names.services.list[service]!;
    const own = `${callee}.${this.#names.operationsOf(service).list[operation]!}`;
    const key = Object.hasOwn(this.#caller.policies, own) ? own : callee;
    let call = this.#index.get(key);
    if (call === undefined) {
      call = this.list.push(this.#plan(service, key, key === own ? [operation] : this.#uncovered(service, callee))) - 1;
      this.#index.set(key, call);
    }
    return { call, operation, service };
  }

  /** Entries of `calls` at `cursor` whose names lead nowhere are problems even where nothing uses them. */
  checkKeys(cursor: Cursor): void {
    for (const key of Object.keys(this.#caller.policies)) {
      const address = serviceAddressOf(key);
      const entry = cursor.at(key).key;
      if (this.#caller.policies[key]!.sticky !== undefined && this.#caller.knowsUsers !== true)
        cursor
          .at(key, "sticky")
          .error(
            "bad-value",
            "only calls of a load with `clients` or `users` can be sticky",
            "say how many people there are",
          );
      if (this.#caller.policies[key]!.outlierDetection !== null && this.#caller.policies[key]!.failureAccrual !== null)
        cursor
          .at(key, "failureAccrual")
          .error(
            "bad-value",
            "a call has failure accrual or outlier detection, not both",
            "write `none` for one of them",
          );
      if (address === null) entry.errorAtKey("bad-value", `\`${key}\` is neither a service nor service.operation`);
      else if (address.operation === null) this.#names.services.find(address.service, entry);
      else this.#names.find(address, entry);
    }
  }

  /** The callee's operations that have no entry of their own. */
  #uncovered(service: number, callee: string): number[] {
    const { list } = this.#names.operationsOf(service);
    return list.flatMap((name, operation) =>
      Object.hasOwn(this.#caller.policies, `${callee}.${name}`) ? [] : [operation],
    );
  }

  #plan(callee: number, key: string, operations: readonly number[]): CallPlan {
    const policy = Object.hasOwn(this.#caller.policies, key) ? this.#caller.policies[key]! : this.#caller.otherwise;
    const { panicThreshold, ...loadBalancer } = policy.loadBalancer;
    return {
      edge: this.#edges.of(this.#caller.type, this.#caller.index, callee),
      callee,
      operations,
      timeoutMs: policy.timeout,
      attemptTimeoutMs: policy.attemptTimeout,
      retry: policy.retry,
      circuitBreaker: policy.circuitBreaker,
      loadBalancer,
      ...(policy.connectionPool !== null && { connectionPool: policy.connectionPool }),
      ...(policy.outlierDetection !== null && { outlierDetection: { ...policy.outlierDetection, panicThreshold } }),
      ...(policy.failureAccrual !== null && { failureAccrual: { ...policy.failureAccrual, panicThreshold } }),
      ...(policy.sticky === undefined ? {} : { sticky: policy.sticky }),
      ...(policy.throttle !== null && { throttle: policy.throttle }),
      ...(policy.rateLimiter !== null && { rateLimiter: policy.rateLimiter }),
      ...(policy.bulkhead !== null && { bulkhead: policy.bulkhead }),
      ...(policy.limits !== null && { limits: policy.limits }),
      ...(policy.hedge !== null && { hedge: policy.hedge }),
      ...(policy.mapErrors !== null && { mapErrors: policy.mapErrors }),
    };
  }
}
