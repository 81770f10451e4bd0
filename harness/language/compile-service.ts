// One service with all its versions, complete: nothing is inherited at run time.
import { hashText } from "../core/key.ts";
import type { ErrorPlan, OperationPlan, VariantPlan } from "../model/service-plan.ts";
import type { AtPace } from "../schema/at-pace.ts";
import { compileCache } from "./compile-cache.ts";
import { CallCompiler, type CallPolicy } from "./compile-calls.ts";
import { checkAdmission, compilePool } from "./compile-pool.ts";
import { compileLife } from "./compile-life.ts";
import { compileSteps } from "./compile-steps.ts";
import type { Cursor } from "./cursor.ts";
import type { Edges } from "./edges.ts";
import { ONLY_OPERATION, type FleetNames } from "./fleet-names.ts";
import type { Names } from "./names.ts";
import type { WrittenService } from "./service-schema.ts";

export type PacedService = AtPace<WrittenService>;

/** A version of a service as written, and where: the stable one in the topology, others where their changes were merged. */
export interface ServiceVersion {
  /** `stable`, or the name of the version. */
  readonly version: string;
  readonly written: PacedService;
  readonly cursor: Cursor;
}

export interface ServiceContext {
  readonly service: number;
  readonly names: FleetNames;
  readonly edges: Edges;
  /** What holds for calls without an entry. */
  readonly defaultCall: CallPolicy;
}

export function compileVersion(version: ServiceVersion, context: ServiceContext): VariantPlan {
  const { written, cursor } = version;
  const operations = context.names.operationsOf(context.service);
  const caller = {
    type: "service" as const,
    index: context.service,
    policies: written.calls,
    otherwise: context.defaultCall,
  };
  const calls = new CallCompiler(caller, context.names, context.edges);
  const { warmUp } = written.startup;
  const plan: VariantPlan = {
    version: version.version,
    pool: compilePool(written.pool),
    cpu: written.cpu,
    ...(written.maxConnections === null ? {} : { maxConnections: written.maxConnections }),
    ...(written.admission === null ? {} : { admission: written.admission }),
    onDeadline: written.onDeadline,
    startupMs: written.startup.time,
    ...(warmUp === undefined ? {} : { warmUp: { forMs: warmUp.for, slowdown: warmUp.slowdown } }),
    terminationGraceMs: written.terminationGrace,
    operations: operations.list.map((name) => compileOperation(name, version, calls)),
    errors: compileErrors(written, operations, cursor),
    ...(written.cache === null ? {} : { cache: compileCache(written.cache, operations, cursor.at("cache")) }),
    ...(written.logging === null ? {} : { logging: written.logging }),
    calls: calls.list,
    ...compileLife(written, operations, calls, cursor),
  };
  calls.checkKeys(cursor.at("calls"));
  checkAdmission(written, cursor);
  return plan;
}

/** Null where this version lacks the operation. */
function compileOperation(
  name: string,
  { written, cursor }: ServiceVersion,
  calls: CallCompiler,
): OperationPlan | null {
  const steps =
    written.operations !== undefined && Object.hasOwn(written.operations, name) ? written.operations[name] : undefined;
  if (steps !== undefined)
    return { steps: compileSteps(name, steps, (to, at) => calls.find(to, at), cursor.at("operations", name)) };
  if (name !== ONLY_OPERATION || written.work === undefined) return null;
  return { steps: [{ do: "work", time: written.work, probability: 1, site: hashText(`${ONLY_OPERATION}|work|0`) }] };
}

function compileErrors(written: PacedService, operations: Names, cursor: Cursor): ErrorPlan[] {
  const { errors = [] } = written;
  const isList = Array.isArray(errors);
  const list = isList ? errors : [errors];
  const alike = new Map<string, number>();
  return list.map((error, index): ErrorPlan => {
    const place = isList ? cursor.at("errors", index, "operation") : cursor.at("errors", "operation");
    const operation = error.operation === undefined ? null : operations.find(error.operation, place);
    const like = `error|${error.operation ?? "*"}|${error.as ?? "status"}`;
    const nth = alike.get(like) ?? 0;
    alike.set(like, nth + 1);
    return {
      share: error.share,
      cause: error.as ?? "error",
      status: error.as === undefined ? (error.status ?? 500) : 200,
      operation,
      site: hashText(`${like}|${nth}`),
    };
  });
}
