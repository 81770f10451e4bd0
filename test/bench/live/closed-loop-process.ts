// The product's calling half (call machines, books, wire) in a closed loop: so many requests under way, each followed
// by the next. Loads of the language are open, so the loop itself is the bench's.
// Usage: node closed-loop-process.ts <scenario> <port> <generation> <connections> <seconds>; prints one line of JSON.
import { Caller, NO_CALL } from "../../../harness/actor/caller.ts";
import { assert } from "../../../harness/core/assert.ts";
import { mixHigh, mixLow } from "../../../harness/core/key.ts";
import { workerAlarm } from "../../../harness/live/worker-alarm.ts";
import { OK } from "../../../harness/model/outcome.ts";
import { layoutOf } from "../../../harness/signals/layout.ts";
import { Tally } from "../../../harness/signals/tally.ts";
import { AddressBook } from "../../../harness/wire/address-book.ts";
import { Agenda } from "../../../harness/wire/agenda.ts";
import { OutgoingCalls } from "../../../harness/wire/outgoing-calls.ts";
import { monotonicMs, RunClock } from "../../../harness/wire/run-clock.ts";
import { planOf } from "../sim-run.ts";

const [file = "", port = "", life = "0", connections = "32", seconds = "5"] = process.argv.slice(2);
const plan = planOf(file, {});
const journey = plan.journeys[0]!;
const load = plan.loads[0]!;
const generation = Number(life);
/** Instances are numbered service by service, and every service of these scenarios has one. */
const ref = { id: journey.service, generation, service: journey.service, variant: 0, zone: 0 };

const clock = new RunClock(monotonicMs());
const tally = new Tally(layoutOf(plan));
const agenda = new Agenda({ clock, alarm: workerAlarm(clock), earlyMs: 0, onStall: () => {} });
const book = new AddressBook();
book.add([{ ...ref, port: Number(port) }]);

let begun = 0;
let ended = 0;
let good = 0;
let inFlight = 0;
let isRunning = true;

const calls: OutgoingCalls = new OutgoingCalls({
  plan,
  clock,
  agenda,
  book,
  zone: null,
  loopbackMs: 0,
  payloadOf: null,
  mayLeave: null,
  entry: () => entry,
  answered: (nowMs, ...answer) => {
    caller.answered(nowMs, ...answer);
    pump(nowMs);
  },
});
const caller = new Caller({
  plan,
  calls: load.calls,
  tally,
  transport: {
    send: ({ table }, attempt) => calls.send(table, attempt),
    abandon: ({ table }, attempt) => calls.abandon(table, attempt),
    answer: () => assert(false, "nobody asks a client anything"),
    drained: () => assert(false, "a client does not stop"),
    crashed: () => assert(false, "a client does not crash"),
    errandDone: () => assert(false, "a client runs no errands"),
  },
  address: -1,
  name: load.name,
  service: -1,
  zone: -1,
  startMs: 0,
});
caller.route({ service: journey.service, endpoints: [ref], weights: null });
const entry = agenda.add({
  nextWakeup: () => caller.nextWakeup(),
  wake: (dueMs) => {
    caller.wake(dueMs, dueMs);
    pump(dueMs);
  },
});

function pump(nowMs: number): void {
  for (let slot = caller.take(nowMs); slot !== NO_CALL; slot = caller.take(nowMs)) {
    ended++;
    inFlight--;
    if (caller.table.cause[slot] === OK) good++;
    caller.table.free(slot);
    if (isRunning) begin(nowMs);
  }
}

function begin(nowMs: number): void {
  const user = begun++;
  const high = mixHigh(plan.seed, user, 0);
  const low = mixLow(plan.seed, user, 0);
  inFlight++;
  caller.begin(nowMs, load.callOfJourney[0]!, 0, journey.operation, high, low, user, 0, Infinity, Infinity);
}

const before = process.cpuUsage();
agenda.message((nowMs) => {
  for (let connection = 0; connection < Number(connections); connection++) begin(nowMs);
  pump(nowMs);
}, entry);
setTimeout(
  () => {
    isRunning = false;
    const { user, system } = process.cpuUsage(before);
    const elapsedSeconds = clock.nowMs() / 1000;
    const cpuSeconds = (user + system) / 1e6;
    console.log(JSON.stringify({ requests: ended, good, inFlight, elapsedSeconds, cpuSeconds }));
    process.exit(0);
  },
  Number(seconds) * 1000,
);
