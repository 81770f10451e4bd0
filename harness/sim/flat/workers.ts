// The workers of all instances and the lines before them: service/worker-pool.ts over flat records. Hot code.
import { IntRing } from "../../core/int-ring.ts";
import { NONE, UNIT, UNIT_WIDTH_SHIFT, VISIT, VISIT_STATE } from "./fields.ts";
import type { Fleet } from "./fleet.ts";

export class Workers {
  readonly #fleet: Fleet;
  /** By unit ÷ UNIT_WIDTH, as (visit, serial): new visits, and those that want a worker back (async). Null where nobody can wait. */
  readonly #lines: (IntRing | null)[] = [];
  readonly #resuming: (IntRing | null)[] = [];

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** A new instance. */
  open(unit: number): void {
    this.#lines[unit >> UNIT_WIDTH_SHIFT] = new IntRing();
    this.#resuming[unit >> UNIT_WIDTH_SHIFT] = new IntRing();
  }

  /** The instance is dead. */
  close(unit: number): void {
    this.#lines[unit >> UNIT_WIDTH_SHIFT] = null;
    this.#resuming[unit >> UNIT_WIDTH_SHIFT] = null;
  }

  /** Gives a new visit a worker, if one is free. */
  tryTake(visit: number, unit: number): boolean {
    const own = this.#fleet.units.int;
    if (own[unit + UNIT.busy]! >= own[unit + UNIT.workers]!) return false;
    own[unit + UNIT.busy]!++;
    this.#fleet.visits.int[visit + VISIT.holdsWorker] = 1;
    return true;
  }

  /** Puts a new visit into the line, if there is room. */
  tryQueue(visit: number, unit: number): boolean {
    const own = this.#fleet.units.int;
    if (own[unit + UNIT.queued]! >= own[unit + UNIT.queueCapacity]!) return false;
    own[unit + UNIT.queued]!++;
    const int = this.#fleet.visits.int;
    int[visit + VISIT.state] = VISIT_STATE.queued;
    const line = this.#lines[unit >> UNIT_WIDTH_SHIFT]!;
    line.push(visit);
    line.push(int[visit + VISIT.serial]!);
    return true;
  }

  /** A visit that gave its worker back wants one again. */
  wantBack(visit: number, unit: number): void {
    const int = this.#fleet.visits.int;
    if (int[visit + VISIT.isResuming] === 1) return;
    int[visit + VISIT.isResuming] = 1;
    const line = this.#resuming[unit >> UNIT_WIDTH_SHIFT]!;
    line.push(visit);
    line.push(int[visit + VISIT.serial]!);
  }

  /** Async: a visit that only waits for its callees gives its worker back. True if there may be a worker for somebody now. */
  settle(visit: number, unit: number): boolean {
    const int = this.#fleet.visits.int;
    if (int[visit + VISIT.holdsWorker] === 0) return int[visit + VISIT.isResuming] === 1;
    if (int[visit + VISIT.active]! > 0) return false;
    this.giveBack(visit, unit);
    return true;
  }

  giveBack(visit: number, unit: number): void {
    this.#fleet.visits.int[visit + VISIT.holdsWorker] = 0;
    this.#fleet.units.int[unit + UNIT.busy]!--;
  }

  /** Gives a free worker to the next in line: those that had one before go first. NONE = nobody, or no worker. */
  next(unit: number): number {
    const own = this.#fleet.units.int;
    if (own[unit + UNIT.busy]! >= own[unit + UNIT.workers]!) return NONE;
    let visit = this.#shift(this.#resuming[unit >> UNIT_WIDTH_SHIFT]!);
    if (visit === NONE) visit = this.#shift(this.#lines[unit >> UNIT_WIDTH_SHIFT]!);
    if (visit === NONE) return NONE;
    const int = this.#fleet.visits.int;
    int[visit + VISIT.isResuming] = 0;
    int[visit + VISIT.holdsWorker] = 1;
    own[unit + UNIT.busy]!++;
    return visit;
  }

  /** One that left meanwhile is known by its serial, and skipped. */
  #shift(line: IntRing): number {
    const int = this.#fleet.visits.int;
    while (line.length > 0) {
      const visit = line.shift();
      if (int[visit + VISIT.serial] === line.shift()) return visit;
    }
    return NONE;
  }
}
