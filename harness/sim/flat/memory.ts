// The memory of the flat simulator: every array that its hot code reads, made once per thread and used by one run after
// the other. They are constants because that is what makes it fast: V8 writes the address and the length of an array
// that never changes into the code, and with arrays that may be replaced the same loop takes twice as long. So they do
// not grow: they are as large as a run may ever need, and the system backs only those pages that were touched. Hot code.
import { EngineFailure } from "../../engine/engine.ts";
import * as VISIT from "./fields/visit.ts";
import {
  NODE_WIDTH,
  NONE,
  POLICY_REAL_SHIFT,
  POLICY_WIDTH,
  REAL_SHIFT,
  RECORD_WIDTH,
  UNIT_REAL_SHIFT,
  UNIT_WIDTH,
} from "./fields/widths.ts";

/** Requests, further strands and lists at a time; 384 bytes each. */
const MOST_RECORDS = 0x200000;
export const MOST_UNITS = 0x20000;
export const MOST_POLICIES = 0x100000;
export const MOST_NODES = 0x40000;
/** Rows of services, edges and journeys together. */
export const MOST_ROWS = 0x4000;
export const MOST_LANES = 0x1000;
const MOST_COLUMNS = MOST_ROWS * 128;
/** Two numbers each, and no more of them at a time than there are records. */
const MOST_OUTPUTS = 2 * MOST_RECORDS;

const CACHE_LINE = 64;
const PAGE = 4096;
let placed = 0;

function ints(length: number): Int32Array<ArrayBuffer> {
  return new Int32Array(space(4 * length), offset(), length);
}

function reals(length: number): Float64Array<ArrayBuffer> {
  return new Float64Array(space(8 * length), offset(), length);
}

function space(bytes: number): ArrayBuffer {
  placed++;
  return new ArrayBuffer(bytes + 2 * PAGE);
}

function offset(): number {
  return 48 + ((placed * 13) % 64) * CACHE_LINE;
}

/** Records, by handle: `INT[record + CALL.…]`, `REAL[(record >> REAL_SHIFT) + CALL_REAL.…]`. */
export const INT = ints(MOST_RECORDS * RECORD_WIDTH);
export const REAL = reals((MOST_RECORDS * RECORD_WIDTH) >> REAL_SHIFT);

/** Units, and policies, by handle. */
export const UNITS = ints(MOST_UNITS * UNIT_WIDTH);
export const UNIT_REALS = reals((MOST_UNITS * UNIT_WIDTH) >> UNIT_REAL_SHIFT);
export const POLICIES = ints(MOST_POLICIES * POLICY_WIDTH);
export const POLICY_REALS = reals((MOST_POLICIES * POLICY_WIDTH) >> POLICY_REAL_SHIFT);

/** Steps: `NODES[node + NODE.…]`, and the first step of an operation by the version's entries (see nodes.ts). */
export const NODES = ints(MOST_NODES * NODE_WIDTH);
/** By `node >> NODE_WIDTH_SHIFT`: its mean time where that is exponential, and its probability. */
export const NODE_MEANS_MS = reals(MOST_NODES);
export const NODE_PROBABILITIES = reals(MOST_NODES);
export const ENTRIES = ints(MOST_NODES);

/** The heap of what works or waits: times and strands, by place. */
export const TASK_MS = reals(MOST_RECORDS);
export const TASK_STRAND = ints(MOST_RECORDS);

/** The wheel of what works or waits: the first strand of each slot, or NONE; and bits that say in which slots there are any. */
export const WHEEL_SLOTS = ints(1024);
export const WHEEL_WORDS = ints(33);

/** The lanes of messages, and those of timers: delay and list, by number. */
export const MAIL_DELAY_MS = reals(MOST_LANES);
export const MAIL_LIST = ints(MOST_LANES);
export const TIMER_DELAY_MS = reals(MOST_LANES);
export const TIMER_LIST = ints(MOST_LANES);

/** The lane between two zones, by `laneBetween` (fleet.ts). */
export const ZONE_LANES = ints(0x10000);

/** By instance id: the unit of its living incarnation (or NONE), its generation, service and zone. */
export const UNIT_OF = ints(MOST_UNITS);
export const GENERATION_OF = ints(MOST_UNITS);
export const SERVICE_OF = ints(MOST_UNITS);
export const ZONE_OF = ints(MOST_UNITS);

/** Where attempts may go: the unit (NONE where that incarnation is dead), and the instance's id. See routes.ts. */
export const ENDPOINT_UNIT = ints(MOST_UNITS * 4);
export const ENDPOINT_INSTANCE = ints(MOST_UNITS * 4);

/** What was decided and not yet carried out: record | kind, and the record's serial. */
export const OUTPUTS = ints(MOST_OUTPUTS);
export const OUTPUTS_MASK = MOST_OUTPUTS - 1;

/** The tally's tables. */
export const SERVICES = reals(MOST_COLUMNS);
export const EDGES = reals(MOST_COLUMNS);
export const JOURNEYS = reals(MOST_COLUMNS);

/** Times: now; when the next message arrives; the first task is done; no timer is due before. Infinity = none. */
export const CLOCK = reals(8);
export const NOW = 0;
export const MESSAGE = 1;
export const TASK = 2;
export const TIMER = 3;
/** When the next load's next request sets out, when the conductor wants to be woken, and when the bucket ends. */
export const ARRIVAL = 4;
export const CONDUCTOR = 5;
export const BUCKET_END = 6;

/** What is counted. */
export const COUNT = ints(32);
export const USED = 0;
export const FREE = 1;
export const UNITS_USED = 2;
export const POLICIES_USED = 3;
export const TASKS = 4;
export const TASK_ORDER = 5;
export const MESSAGE_ORDER = 6;
export const TIMER_ORDER = 7;
export const MAIL_LANES = 8;
export const TIMER_LANES = 9;
export const FIRST_LANE = 10;
export const OUTPUTS_HEAD = 11;
export const OUTPUTS_TAIL = 12;
export const ARRIVALS = 13;
export const CALLS = 14;
export const ZONES = 15;
/** The message that arrives at once, or NONE. */
export const AT_ONCE = 16;
export const ENDPOINTS_USED = 17;
/** The attempt that leaves when the event is through, where nothing else is to be carried out; or NONE. */
export const SENDING = 18;
/** The units below this are loads. */
export const LOAD_UNITS = 19;
/** The load whose request sets out next. */
export const NEXT_LOAD = 20;
/** 1 where the conductor is to hear of something. */
export const NEWS = 21;
/** The strand in the wheel that is done first, or NONE. */
export const WHEEL_FIRST = 22;

/** A run begins: nothing is left of the one before it (in the tables of the tally: see latency.ts). */
export function clear(): void {
  const used = COUNT[USED]!;
  INT.fill(0, 0, used);
  REAL.fill(0, 0, used >> REAL_SHIFT);
  UNITS.fill(0, 0, COUNT[UNITS_USED]);
  UNIT_REALS.fill(0, 0, COUNT[UNITS_USED]! >> UNIT_REAL_SHIFT);
  POLICIES.fill(0, 0, COUNT[POLICIES_USED]);
  POLICY_REALS.fill(0, 0, COUNT[POLICIES_USED]! >> POLICY_REAL_SHIFT);
  COUNT.fill(0);
  COUNT[FREE] = NONE;
  COUNT[AT_ONCE] = NONE;
  COUNT[SENDING] = NONE;
  COUNT[WHEEL_FIRST] = NONE;
  WHEEL_SLOTS.fill(NONE);
  WHEEL_WORDS.fill(0);
  CLOCK.fill(Infinity);
  CLOCK[NOW] = 0;
}

/** A record, with the fields that its last use left; as a call and as a visit it is "none". */
export function allocate(): number {
  const free = COUNT[FREE]!;
  if (free >= 0) {
    COUNT[FREE] = INT[free + VISIT.next]!;
    return free;
  }
  const record = COUNT[USED]!;
  if (record >= INT.length) throw tooMany();
  COUNT[USED] = record + RECORD_WIDTH;
  return record;
}

function tooMany(): EngineFailure {
  return new EngineFailure(
    "over-limit",
    `more than ${MOST_RECORDS} requests are under way at ${CLOCK[NOW]! / 1000} s`,
    "give calls a timeout or queues a capacity, or simulate a smaller fleet (`--scale`)",
  );
}

/** The record that was freed last is used first. The caller has set its states to "none". */
export function release(record: number): void {
  INT[record + VISIT.serial]!++;
  INT[record + VISIT.next] = COUNT[FREE]!;
  COUNT[FREE] = record;
}

/** An empty list, whose members are linked by `next` and `previous`: a record that stands before the first and after the last. */
export function newList(): number {
  const list = allocate();
  INT[list + VISIT.next] = list;
  INT[list + VISIT.previous] = list;
  return list;
}

export function append(list: number, record: number): void {
  const last = INT[list + VISIT.previous]!;
  INT[last + VISIT.next] = record;
  INT[record + VISIT.previous] = last;
  INT[record + VISIT.next] = list;
  INT[list + VISIT.previous] = record;
}

/** Takes a record out of its list, whichever that is. */
export function unlink(record: number): void {
  const next = INT[record + VISIT.next]!;
  const previous = INT[record + VISIT.previous]!;
  INT[previous + VISIT.next] = next;
  INT[next + VISIT.previous] = previous;
  INT[record + VISIT.previous] = NONE;
}
