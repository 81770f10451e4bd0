// What a request and its answer carry besides their bodies, as HTTP headers.
import type { IncomingHttpHeaders } from "node:http";
import { CRITICAL, CRITICALITIES, type Criticality } from "../model/criticality.ts";
import type { HeaderPlan } from "../model/header.ts";
import { CAUSE_COUNT, CONNECTION_RESET, ERROR, OK, OVERLOAD, RATE_LIMIT, TIMEOUT } from "../model/outcome.ts";

/** Carried by every request between processes of the fleet. */
export interface RequestHead {
  /** The instance and the life of it that is meant: another one on the same port must not answer. */
  readonly target: number;
  readonly generation: number;
  /** The key of this request's draws: two int32 words. */
  readonly keyHigh: number;
  readonly keyLow: number;
  readonly user: number;
  /** What the request is about; 0 where no service has a cache. */
  readonly item: number;
  /** Index of CRITICALITIES. */
  readonly criticality: number;
  /** What else it carries: bits of `Plan.headers`. */
  readonly headers: number;
  readonly depth: number;
  /** Run time at which it is to arrive: when it was due to leave, plus the network's delay. NaN = when it does. */
  readonly arrivesMs: number;
  /** Time left until the caller's deadline at that moment; Infinity = none. */
  readonly remainingMs: number;
}

/** What the callee says about its answer; service indices are −1 and causes 0 where there is none. */
export interface AnswerHead {
  /** Index into CAUSES. */
  readonly cause: number;
  readonly isDegraded: boolean;
  readonly originService: number;
  readonly originCause: number;
  /** The service with the largest own time on the way, and that time. */
  readonly slowService: number;
  readonly slowOwnUs: number;
}

const TO = "firebreak-to";
const KEY = "firebreak-key";
const USER = "firebreak-user";
const ITEM = "firebreak-item";
const CRITICALITY = "firebreak-criticality";
const DEPTH = "firebreak-depth";
const ARRIVES = "firebreak-arrives-ms";
const REMAINING = "firebreak-remaining-ms";
/** `cause degraded originService originCause slowService slowOwnUs`, all integers. */
export const OUTCOME = "firebreak-outcome";

/** Names and values in turn, as undici takes them. `carried`: `Plan.headers`. */
export function writeRequestHead(head: RequestHead, carried: readonly HeaderPlan[] = []): string[] {
  const headers = [
    TO,
    `${head.target}.${head.generation}`,
    KEY,
    hex(head.keyHigh) + hex(head.keyLow),
    USER,
    String(head.user),
    DEPTH,
    String(head.depth),
    ARRIVES,
    head.arrivesMs.toFixed(3),
  ];
  if (head.item !== 0) headers.push(ITEM, String(head.item));
  if (head.criticality !== CRITICAL) headers.push(CRITICALITY, CRITICALITIES[head.criticality]!);
  if (head.headers !== 0)
    carried.forEach(({ name, value }, bit) => {
      if ((head.headers & (1 << bit)) !== 0) headers.push(name, value);
    });
  if (head.remainingMs !== Infinity) headers.push(REMAINING, head.remainingMs.toFixed(3));
  return headers;
}

/** null where this is not a request of the fleet. `carried`: `Plan.headers`. */
export function readRequestHead(headers: IncomingHttpHeaders, carried: readonly HeaderPlan[] = []): RequestHead | null {
  const key = headers[KEY];
  const to = headers[TO];
  if (typeof key !== "string" || typeof to !== "string" || key.length !== 16) return null;
  const dot = to.indexOf(".");
  const remaining = headers[REMAINING];
  const head = {
    target: Number(to.slice(0, dot)),
    generation: Number(to.slice(dot + 1)),
    keyHigh: parseInt(key.slice(0, 8), 16) | 0,
    keyLow: parseInt(key.slice(8), 16) | 0,
    user: Number(headers[USER]),
    item: Number(headers[ITEM] ?? 0) | 0,
    criticality: criticalityOf(headers[CRITICALITY]),
    headers: carried.reduce((bits, { name, value }, bit) => (headers[name] === value ? bits | (1 << bit) : bits), 0),
    depth: Number(headers[DEPTH]),
    arrivesMs: Number(headers[ARRIVES]),
    remainingMs: remaining === undefined ? Infinity : Number(remaining),
  };
  const isWhole = Number.isInteger(head.target) && Number.isInteger(head.generation) && Number.isInteger(head.user);
  return isWhole && Number.isInteger(head.depth) && !Number.isNaN(head.remainingMs) ? head : null;
}

/** What is not said, or not known, is critical. */
function criticalityOf(value: string | string[] | undefined): number {
  const index = CRITICALITIES.indexOf(value as Criticality);
  return index < 0 ? CRITICAL : index;
}

export function writeAnswerHead(head: AnswerHead): string {
  const { cause, isDegraded, originService, originCause, slowService, slowOwnUs } = head;
  return `${cause} ${isDegraded ? 1 : 0} ${originService} ${originCause} ${slowService} ${Math.round(slowOwnUs)}`;
}

/** An answer of something that does not speak our headers (a proxy, a crashed handler) is judged by its status. */
export function readAnswerHead(status: number, outcome: string | undefined, callee: number): AnswerHead {
  const parts = outcome?.split(" ").map(Number) ?? [];
  const cause = parts[0] ?? -1;
  if (parts.length === 6 && parts.every(Number.isInteger) && cause >= 0 && cause < CAUSE_COUNT) {
    return {
      cause,
      isDegraded: parts[1] === 1,
      originService: parts[2]!,
      originCause: parts[3]!,
      slowService: parts[4]!,
      slowOwnUs: parts[5]!,
    };
  }
  return failureHead(causeOfStatus(status), callee);
}

/** A failure of which nothing more is known than that it began at the callee (`callee` is a service index). */
export function failureHead(cause: number, callee: number): AnswerHead {
  const originService = cause === OK ? -1 : callee;
  return { cause, isDegraded: false, originService, originCause: cause, slowService: callee, slowOwnUs: 0 };
}

function causeOfStatus(status: number): number {
  if (status < 400) return OK;
  if (status === 429) return RATE_LIMIT;
  if (status === 502) return CONNECTION_RESET;
  if (status === 503) return OVERLOAD;
  if (status === 504) return TIMEOUT;
  return ERROR;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
