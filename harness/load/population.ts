// A closed population: people who ask, wait for the answer, think and ask again; so what they ask for falls when answers
// are slow. With sessions they lose their connection, and come back with back-off.
//
//   thinking ─► waiting ─┬─ answered ────────────────────────────────────► thinking
//                        └─ the failure ends the session ─► offline ─► connecting ─┬─► thinking
//                                                              ▲───── failed ──────┘
import { assert, unreachable } from "../core/assert.ts";
import { hashText, mixHigh, mixLow, unit } from "../core/key.ts";
import { Sampler } from "../core/sampler.ts";
import { WakeHeap } from "../core/wake-heap.ts";
import type { LoadPlan } from "../model/load-plan.ts";
import { OK } from "../model/outcome.ts";

/** What sessions need of the callers' machines, which are not this family's. */
export interface SessionRules {
  /** Whether a failure of a request by this cause ends the session. */
  readonly endsSession: (cause: number) => boolean;
  /** As Backoff.delayMs: the delay before the n-th try (from 1) to connect again. */
  readonly delayMs: (retry: number, previousMs: number, high: number, low: number) => number;
}

const THINKING = 0;
const WAITING = 1;
/** Waiting for an answer of a session that is already lost. */
const WAITING_LOST = 2;
const OFFLINE = 3;
const CONNECTING = 4;
type State = typeof THINKING | typeof WAITING | typeof WAITING_LOST | typeof OFFLINE | typeof CONNECTING;

const THINK = hashText("load/population/think");
const PHASE = hashText("load/population/phase");

/** Nobody asks again sooner than this, so that failures at once cannot fill an instant. */
const LEAST_WAIT_MS = 0.01;
/** Think times drawn to find one that a moment in the middle of a run would meet. */
const PHASE_CANDIDATES = 16;

export class Population {
  readonly size: number;
  /** The key of the action that `begin` last answered. */
  keyHigh = 0;
  keyLow = 0;
  readonly #rules: SessionRules | null;
  readonly #think: Sampler;
  readonly #high: number;
  readonly #low: number;
  readonly #wakes: WakeHeap;
  readonly #state: Uint8Array;
  /** By client: actions so far, tries to connect that failed since the session was lost, and the last delay. */
  readonly #actions: Int32Array;
  readonly #tries: Int32Array;
  readonly #delayMs: Float64Array;
  /** Clients with a session, its integral over time, and up to when that goes. */
  #connected: number;
  #connectedMs = 0;
  #sinceMs = 0;

  /** Everybody has been there for long: connected, and somewhere in the middle of a think time. `rules`: null without sessions. */
  constructor(plan: LoadPlan, seed: number, rules: SessionRules | null) {
    const { population } = plan;
    assert(population !== undefined, "only a load with clients has a population");
    const { clients } = population;
    this.size = clients;
    this.#rules = rules;
    this.#think = new Sampler(population.thinkTime);
    this.#high = seed | 0;
    this.#low = hashText(`load/${plan.name}/clients`);
    this.#wakes = new WakeHeap(clients);
    this.#state = new Uint8Array(clients).fill(THINKING);
    this.#actions = new Int32Array(clients);
    this.#tries = new Int32Array(clients);
    this.#delayMs = new Float64Array(clients);
    this.#connected = clients;
    for (let client = 0; client < clients; client++) {
      this.#setKey(client);
      this.#wakes.set(client, this.#residualThinkMs());
    }
  }

  /** When the next client wants to act; Infinity = all wait for answers. */
  nextMs(): number {
    return this.#wakes.topTime;
  }

  /** The client that is due acts: sets the key of its action and returns its number. `isConnecting` says what it does. */
  begin(): number {
    const client = this.#wakes.topId;
    assert(client >= 0, "somebody is due");
    this.#wakes.remove(client);
    this.#actions[client]!++;
    this.#setKey(client);
    this.#state[client] = this.#state[client] === OFFLINE ? CONNECTING : WAITING;
    return client;
  }

  /** Whether the action of this client is to begin a session. */
  isConnecting(client: number): boolean {
    return this.#state[client] === CONNECTING;
  }

  /** What became of the client's action. */
  ended(nowMs: number, client: number, cause: number): void {
    const state = this.#state[client] as State;
    switch (state) {
      case WAITING:
        if (this.#rules?.endsSession(cause) === true) this.#lose(nowMs, client);
        else this.#thinkAgain(nowMs, client);
        return;
      case WAITING_LOST:
        this.#goOffline(nowMs, client);
        return;
      case CONNECTING:
        if (cause !== OK) return this.#goOffline(nowMs, client);
        this.observe(nowMs);
        this.#connected++;
        this.#tries[client] = 0;
        this.#thinkAgain(nowMs, client);
        return;
      case THINKING:
      case OFFLINE:
        return assert(false, "only an action that began can end");
      default:
        unreachable(state);
    }
  }

  /** The client's connection is gone: it comes back with back-off, after the answer it may wait for. */
  disconnect(nowMs: number, client: number): void {
    if (this.#rules === null) return;
    if (this.#state[client] === THINKING) this.#lose(nowMs, client);
    else if (this.#state[client] === WAITING) {
      this.observe(nowMs);
      this.#connected--;
      this.#state[client] = WAITING_LOST;
      this.#tries[client] = 0;
    }
  }

  /** The client that is due does nothing this time: it waits once more as it has just waited. */
  passOver(nowMs: number): void {
    const client = this.#wakes.topId;
    assert(client >= 0, "somebody is due");
    if (this.#state[client] === OFFLINE) this.#wait(nowMs, client, this.#delayMs[client]!);
    else {
      this.#actions[client]!++;
      this.#thinkAgain(nowMs, client);
    }
  }

  /** Client-milliseconds with a session since this was asked before. */
  takeConnectedMs(nowMs: number): number {
    this.observe(nowMs);
    const taken = this.#connectedMs;
    this.#connectedMs = 0;
    return taken;
  }

  observe(nowMs: number): void {
    this.#connectedMs += this.#connected * (nowMs - this.#sinceMs);
    this.#sinceMs = nowMs;
  }

  #lose(nowMs: number, client: number): void {
    this.observe(nowMs);
    this.#connected--;
    this.#tries[client] = 0;
    this.#goOffline(nowMs, client);
  }

  #goOffline(nowMs: number, client: number): void {
    const retry = ++this.#tries[client]!;
    // The tries after one loss share a key, that of the action before them, as the retries of a call do.
    this.#setKey(client, retry - 1);
    const delayMs = this.#rules!.delayMs(retry, this.#delayMs[client]!, this.keyHigh, this.keyLow);
    this.#delayMs[client] = delayMs;
    this.#state[client] = OFFLINE;
    this.#wait(nowMs, client, delayMs);
  }

  #thinkAgain(nowMs: number, client: number): void {
    this.#setKey(client);
    this.#state[client] = THINKING;
    this.#wait(nowMs, client, this.#think.draw(this.keyHigh, this.keyLow, THINK));
  }

  #wait(nowMs: number, client: number, forMs: number): void {
    this.#wakes.set(client, nowMs + Math.max(LEAST_WAIT_MS, forMs));
  }

  /** The key of the client's action, so many before the latest. */
  #setKey(client: number, before = 0): void {
    const action = this.#actions[client]! - before;
    const high = mixHigh(this.#high, this.#low, client);
    const low = mixLow(this.#high, this.#low, client);
    this.keyHigh = mixHigh(high, low, action);
    this.keyLow = mixLow(high, low, action);
  }

  /**
   * What is left of the think time that a moment in the middle of a run falls into: long ones are met more often, in
   * proportion to their length, and cut anywhere (the inspection paradox). Of some draws one is chosen so.
   */
  #residualThinkMs(): number {
    const draws = Array.from({ length: PHASE_CANDIDATES }, (_, nth) =>
      this.#think.draw(this.keyHigh, this.keyLow, (THINK + 1 + nth) | 0),
    );
    let at = unit(this.keyHigh, this.keyLow, PHASE) * draws.reduce((sum, each) => sum + each, 0);
    for (const draw of draws) {
      if (at < draw) return at;
      at -= draw;
    }
    return 0;
  }
}
