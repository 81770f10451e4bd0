// The fields of the flat simulator's records, by handle (see slot-table.ts). What they mean is said where the machines
// keep the same: service/visits.ts, service/strands.ts, policies/call-table.ts, service/meters.ts.

/** Nobody, nowhere, none. */
export const NONE = -1;

/** A visit: a request from the moment at which it leaves its caller until its answer has arrived there. */
export const VISIT_WIDTH = 32;
export const VISIT_REAL_SHIFT = 3;
export const VISIT = {
  state: 0,
  /** Grows when the visit ends: who speaks of an older one is ignored. */
  serial: 1,
  /** Address of the instance that it is for, NONE where that incarnation was dead already; and the instance's id. */
  unit: 2,
  instance: 3,
  operation: 4,
  keyHigh: 5,
  keyLow: 6,
  user: 7,
  depth: 8,
  /** Where the answer goes: address of the caller, its call, the serial of the attempt. */
  caller: 9,
  call: 10,
  callSerial: 11,
  firstStrand: 12,
  active: 13,
  holdsWorker: 14,
  isResuming: 15,
  isAbandoned: 16,
  calls: 17,
  cause: 18,
  isDegraded: 19,
  isWrong: 20,
  originService: 21,
  originCause: 22,
  slowService: 23,
  slowOwnUs: 24,
  /** Counts the arrivals at all instances. */
  order: 25,
} as const;
export const VISIT_REAL = { startMs: 0, deadlineMs: 1, calledMs: 2, callsSinceMs: 3 } as const;
export const VISIT_STATE = { travelling: 1, arriving: 2, queued: 3, running: 4, ended: 5 } as const;

/** A strand of a visit. */
export const STRAND_WIDTH = 8;
export const STRAND_REAL_SHIFT = 3;
export const STRAND = { state: 0, visit: 1, node: 2, parent: 3, pending: 4, call: 5, next: 6, previous: 7 } as const;
export const STRAND_STATE = { working: 1, waiting: 2, calling: 3, joining: 4, wanting: 5 } as const;

/** A call of an instance or a load. */
export const CALL_WIDTH = 32;
export const CALL_REAL_SHIFT = 2;
export const CALL = {
  state: 0,
  serial: 1,
  /** Its call policy, a handle of the policies. */
  policy: 2,
  /** A strand, or the journey of a load. */
  owner: 3,
  operation: 4,
  callHigh: 5,
  callLow: 6,
  keyHigh: 7,
  keyLow: 8,
  user: 9,
  depth: 10,
  attempts: 11,
  endpoint: 12,
  timer: 13,
  /** The visit of the present attempt and its serial; those of the one given up last. */
  visit: 14,
  visitSerial: 15,
  abandonedVisit: 16,
  abandonedSerial: 17,
  hasLeft: 18,
  cause: 19,
  isDegraded: 20,
  originService: 21,
  originCause: 22,
  slowService: 23,
  slowOwnUs: 24,
  order: 25,
} as const;
export const CALL_REAL = {
  attemptStartMs: 0,
  callDueMs: 1,
  ownDeadlineMs: 2,
  deadlineMs: 3,
  backoffMs: 4,
  /** Of a load's call: when its user meant to send it. */
  intendedMs: 5,
  /** When its timer is due, and how many timers had been set before it. */
  timerMs: 6,
  timerOrder: 7,
} as const;
export const CALL_STATE = { free: 0, inFlight: 1, backingOff: 2, finished: 3 } as const;

/** A unit: an instance or a load, by address. */
export const UNIT_WIDTH = 32;
export const UNIT_WIDTH_SHIFT = 5;
export const UNIT_REAL_SHIFT = 1;
export const UNIT = {
  isAlive: 0,
  /** −1 for a load. */
  service: 1,
  zone: 2,
  instance: 3,
  generation: 4,
  /** Policies it has, and the handle of the first. */
  policies: 5,
  firstPolicy: 6,
  /** Where its operations' entries begin, and whether any of its requests ends badly by itself. */
  entries: 7,
  hasErrors: 8,
  workers: 9,
  queueCapacity: 10,
  isAsync: 11,
  skipsUnbegun: 12,
  stopsRunning: 13,
  boundsCalls: 14,
  phase: 15,
  isStopping: 16,
  isHandingOut: 17,
  inSystem: 18,
  queued: 19,
  busy: 20,
  working: 21,
  arrived: 22,
  abandoned: 23,
  abandonedOwn: 24,
  wasted: 25,
  /** Its row of the tally's services, and the first column of that row. */
  row: 26,
  firstColumn: 27,
  variant: 28,
} as const;
export const UNIT_REAL = {
  lastMs: 0,
  inSystemMs: 1,
  queuedMs: 2,
  busyMs: 3,
  cpuMs: 4,
  sojournMs: 5,
  lateMs: 6,
  takenMs: 7,
  observedMs: 8,
} as const;
export const PHASE = { starting: 0, ready: 1, stopping: 2, drained: 3 } as const;
export const UNLIMITED = 0x7fffffff;

/** A call policy of one unit. */
export const POLICY_WIDTH = 16;
export const POLICY_WIDTH_SHIFT = 4;
export const POLICY_REAL_SHIFT = 2;
export const POLICY = {
  unit: 0,
  edge: 1,
  /** First column of the edge's row. */
  firstColumn: 2,
  callee: 3,
  maxAttempts: 4,
  timerLane: 5,
  lastOriginService: 6,
  lastOriginCause: 7,
} as const;
export const POLICY_REAL = { timeoutMs: 0, attemptTimeoutMs: 1, abandonedWaiting: 2 } as const;
