// The way between a caller and the wire, there and back: faults on its calls hold an attempt or its answer back, lose
// it, or answer in the callee's place.
import { hashText } from "../core/key.ts";
import { WakeHeap } from "../core/wake-heap.ts";
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import { causeOfFate, HANG, PASS } from "../faults/fate.ts";
import { InPath } from "../faults/in-path.ts";
import type { CallPlan } from "../model/call-plan.ts";
import type { Route } from "../model/route.ts";
import { type CallTable, DOOMED, HELD, IN_FLIGHT, LEFT } from "../policies/call-table.ts";
import { FAULT, FAULT_WIDTH } from "../signals/columns.ts";
import type { Tally } from "../signals/tally.ts";
import { faultsOnCalls } from "./faults-on-calls.ts";

/** What came of an attempt. */
type Answer = readonly [
  cause: number,
  isDegraded: boolean,
  originService: number,
  originCause: number,
  slowService: number,
  slowOwnUs: number,
];

interface LateAnswer {
  readonly slot: number;
  readonly serial: number;
  readonly answer: Answer;
}

export interface CallWayOptions {
  /** A stable name of the caller, and its zone index (−1 = outside). */
  readonly name: string;
  readonly zone: number;
  readonly calls: readonly CallPlan[];
  readonly table: CallTable;
  readonly tally: Tally;
  /** The attempt in this slot leaves. */
  readonly leave: (slot: number) => void;
  /** Its machine is told what came of the attempt. */
  readonly answered: (nowMs: number, slot: number, ...answer: Answer) => void;
}

export class CallWay {
  readonly #options: CallWayOptions;
  readonly #connectionKey: number;
  /** By policy. */
  readonly #there: readonly InPath[];
  readonly #back: readonly InPath[];
  /** No fault is on any way back: nothing needs to be asked of an answer. */
  isBackClear = true;
  /** Attempts held back, by slot; what becomes of those that are DOOMED. */
  readonly #held = new WakeHeap();
  readonly #fates = new Map<number, number>();
  /** Answers held back, by a number of their own. */
  readonly #late: (LateAnswer | null)[] = [];
  readonly #lateDue = new WakeHeap();
  /** Variant and zone of each instance known, by id. */
  readonly #variantOf: number[] = [];
  readonly #zoneOf: number[] = [];
  readonly #countFault: (faultRow: number) => void;

  constructor(options: CallWayOptions) {
    this.#options = options;
    this.#connectionKey = hashText(options.name);
    this.#there = options.calls.map(() => new InPath());
    this.#back = options.calls.map(() => new InPath(true));
    this.#countFault = (faultRow) => options.tally.faults[faultRow * FAULT_WIDTH + FAULT.hits]!++;
  }

  /** An attempt was decided: it leaves, is held back until `wake`, is lost, or is answered here. */
  send(nowMs: number, slot: number): void {
    const { table, leave } = this.#options;
    const faults = this.#there[table.machine[slot]!]!;
    if (faults.isClear || !this.#hit(nowMs, slot, faults)) return leave(slot);
    const { delayMs, fate } = faults;
    if (delayMs === 0) return this.#meet(nowMs, slot, fate);
    table.departure[slot] = fate === PASS ? HELD : DOOMED;
    if (fate !== PASS) this.#fates.set(slot, fate);
    this.#held.set(slot, nowMs + delayMs);
  }

  /** An answer has come: whether it is kept, or was exchanged for another here; else its machine is to be told. */
  keeps(nowMs: number, slot: number, ...answer: Answer): boolean {
    const { table, calls } = this.#options;
    const faults = this.#back[table.machine[slot]!]!;
    if (faults.isClear || !this.#hit(nowMs, slot, faults)) return false;
    const { delayMs, fate } = faults;
    const { callee } = calls[table.machine[slot]!]!;
    if (fate === HANG) return true;
    const changed = fate === PASS ? answer : failure(fate, callee);
    if (delayMs === 0) this.#options.answered(nowMs, slot, ...changed);
    else this.#hold(nowMs + delayMs, { slot, serial: table.serial[slot]!, answer: changed });
    return true;
  }

  nextDue(): number {
    return Math.min(this.#held.topTime, this.#lateDue.topTime);
  }

  /** Lets go what was held back until `nextDue()`. */
  wake(nowMs: number): void {
    if (this.#held.topTime > this.#lateDue.topTime) return this.#wakeLate(nowMs);
    const { table, leave } = this.#options;
    const slot = this.#held.topId;
    this.#held.remove(slot);
    // One that was given up meanwhile is neither.
    if (table.departure[slot] === HELD) leave(slot);
    else if (table.departure[slot] === DOOMED) this.#meet(nowMs, slot, this.#fates.get(slot)!);
  }

  route(route: Route): void {
    for (const { id, variant, zone } of route.endpoints) {
      this.#variantOf[id] = variant;
      this.#zoneOf[id] = zone;
    }
  }

  /** The disturbances in force from now on; what is held back stays so. */
  disturb(active: readonly ActiveDisturbance[]): void {
    const { zone, calls, tally } = this.#options;
    const end = {
      key: this.#connectionKey,
      zone,
      zoneOf: (target: number): number => this.#zoneOf[target]!,
    };
    const { faultRow } = tally.layout;
    calls.forEach((call, index) => {
      this.#there[index]!.set(faultsOnCalls(active, "request", call, end, faultRow));
      this.#back[index]!.set(faultsOnCalls(active, "response", call, end, faultRow));
    });
    this.isBackClear = this.#back.every(({ isClear }) => isClear);
  }

  #hit(nowMs: number, slot: number, faults: InPath): boolean {
    const { table } = this.#options;
    const target = table.target[slot]!;
    const operation = table.operation[slot]!;
    const variant = this.#variantOf[target]!;
    const count = this.#countFault;
    const carried = table.headers[slot]!;
    return faults.hit(nowMs, table.keyHigh[slot]!, table.keyLow[slot]!, operation, variant, target, carried, count);
  }

  /** A fault decides what becomes of an attempt in place of the callee. */
  #meet(nowMs: number, slot: number, fate: number): void {
    const { table, calls, answered } = this.#options;
    if (fate === HANG) {
      // Lost: it stays where it is until it is given up, and no callee needs to hear of that.
      table.departure[slot] = HELD;
      this.#held.remove(slot);
      return;
    }
    table.departure[slot] = LEFT;
    answered(nowMs, slot, ...failure(fate, calls[table.machine[slot]!]!.callee));
  }

  #hold(dueMs: number, late: LateAnswer): void {
    const free = this.#late.indexOf(null);
    const number = free >= 0 ? free : this.#late.length;
    this.#late[number] = late;
    this.#lateDue.set(number, dueMs);
  }

  #wakeLate(nowMs: number): void {
    const { table, answered } = this.#options;
    const number = this.#lateDue.topId;
    const { slot, serial, answer } = this.#late[number]!;
    this.#lateDue.remove(number);
    this.#late[number] = null;
    // One that was given up meanwhile is not awaited any more.
    if (table.serial[slot] === serial && table.state[slot] === IN_FLIGHT) answered(nowMs, slot, ...answer);
  }
}

function failure(fate: number, callee: number): Answer {
  const cause = causeOfFate(fate);
  return [cause, false, callee, cause, callee, 0];
}
