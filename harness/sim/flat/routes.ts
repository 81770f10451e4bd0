// Where the attempts of each policy go. Round robin over one group, the commonest and the default, is done here over flat
// records, as policies/load-balancer.ts does it; whatever else a balancer decides, it decides itself. Hot code.
import type { Route } from "../../model/route.ts";
import * as CALL from "./fields/call.ts";
import * as POLICY from "./fields/policy.ts";
import * as VISIT from "./fields/visit.ts";
import { NONE, POLICY_WIDTH_SHIFT } from "./fields/widths.ts";
import { isAlive, MACHINES, unitOfGeneration } from "./fleet.ts";
import { COUNT, ENDPOINT_INSTANCE, ENDPOINT_UNIT, ENDPOINTS_USED, INT, POLICIES } from "./memory.ts";

/** The endpoints of one service: a stretch of the endpoint arrays. */
interface Stretch {
  first: number;
  /** How many there is room for. */
  room: number;
}

export class Routes {
  readonly #routes = new Map<number, Route>();
  readonly #stretches = new Map<number, Stretch>();
  /** Policies by callee. */
  readonly #policiesTo: readonly number[][];

  constructor(services: number) {
    this.#policiesTo = Array.from({ length: services }, () => []);
  }

  /** A new policy goes the way of the others that call its callee. */
  join(policy: number): void {
    const callee = POLICIES[policy + POLICY.callee]!;
    this.#policiesTo[callee]!.push(policy);
    const route = this.#routes.get(callee);
    if (route !== undefined) this.#follow(policy, route, this.#stretches.get(callee)!.first);
  }

  /** From now on all callers use this. */
  change(route: Route): void {
    this.#routes.set(route.service, route);
    const first = this.#lay(route);
    for (const policy of this.#policiesTo[route.service]!)
      if (isAlive(POLICIES[policy + POLICY.unit]!)) this.#follow(policy, route, first);
  }

  #lay({ service, endpoints }: Route): number {
    let stretch = this.#stretches.get(service);
    if (stretch === undefined || stretch.room < endpoints.length) {
      stretch = { first: COUNT[ENDPOINTS_USED]!, room: 2 * endpoints.length };
      COUNT[ENDPOINTS_USED]! += stretch.room;
      this.#stretches.set(service, stretch);
    }
    const { first } = stretch;
    endpoints.forEach(({ id, generation }, i) => {
      ENDPOINT_INSTANCE[first + i] = id;
      ENDPOINT_UNIT[first + i] = unitOfGeneration(id, generation);
    });
    return first;
  }

  #follow(policy: number, { endpoints, weights }: Route, first: number): void {
    const { balancer } = MACHINES[policy >> POLICY_WIDTH_SHIFT]!;
    if (POLICIES[policy + POLICY.isRotating] === 1) balancer.cursor = POLICIES[policy + POLICY.cursor]!;
    balancer.route(endpoints, weights);
    const isRotating = balancer.isRotation && weights === null;
    POLICIES[policy + POLICY.isRotating] = isRotating ? 1 : 0;
    POLICIES[policy + POLICY.cursor] = balancer.cursor;
    POLICIES[policy + POLICY.firstEndpoint] = first;
    POLICIES[policy + POLICY.endpoints] = endpoints.length;
  }
}

/** Chooses where an attempt goes, and counts it there; false where there is nowhere. */
export function choose(call: number, policy: number): boolean {
  if (POLICIES[policy + POLICY.isRotating] === 0) return chooseByMachine(call, policy);
  const endpoints = POLICIES[policy + POLICY.endpoints]!;
  if (endpoints === 0) return false;
  const cursor = POLICIES[policy + POLICY.cursor]!;
  POLICIES[policy + POLICY.cursor] = (cursor + 1) & 0x7fffffff;
  const endpoint = POLICIES[policy + POLICY.firstEndpoint]! + (endpoints === 1 ? 0 : cursor % endpoints);
  INT[call + VISIT.unit] = ENDPOINT_UNIT[endpoint]!;
  INT[call + VISIT.instance] = ENDPOINT_INSTANCE[endpoint]!;
  return true;
}

function chooseByMachine(call: number, policy: number): boolean {
  const { balancer } = MACHINES[policy >> POLICY_WIDTH_SHIFT]!;
  const endpoint = balancer.pick(INT[call + VISIT.keyHigh]!, INT[call + VISIT.keyLow]!, INT[call + VISIT.user]!);
  if (endpoint < 0) return false;
  balancer.started(endpoint);
  const instance = balancer.instanceOf(endpoint);
  INT[call + CALL.endpoint] = endpoint;
  INT[call + VISIT.unit] = unitOfGeneration(instance, balancer.generationOf(endpoint));
  INT[call + VISIT.instance] = instance;
  return true;
}

/** The attempt is over for the balancer that chose its endpoint. */
export function leaveEndpoint(call: number): void {
  const endpoint = INT[call + CALL.endpoint]!;
  if (endpoint !== NONE) MACHINES[INT[call + CALL.policy]! >> POLICY_WIDTH_SHIFT]!.balancer.ended(endpoint);
}
