// Plain requests to a mock service, one after the other: for measuring and rehearsing, outside of any run.
import { Pool } from "undici";
import { originOf } from "./address-book.ts";
import { monotonicMs } from "./run-clock.ts";

export class LoopbackClient {
  readonly #pool: Pool;

  constructor(port: number) {
    this.#pool = new Pool(originOf(port), { connections: 1, pipelining: 1 });
  }

  /** Resolves when the whole answer was read. */
  async request(method: "GET" | "POST", path: string, headers: string[] = []): Promise<void> {
    const { body } = await this.#pool.request({ path, method, headers });
    await body.dump();
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}

const ROUND_TRIPS = 60;
/** The first ones pay for the connection and for code that was never run. */
const WARMING_UP = 20;

/**
 * The median round trip over loopback to a mock service's health page, in milliseconds: what injected network delays
 * are less by.
 */
export async function loopbackRoundTripMs(port: number): Promise<number> {
  const client = new LoopbackClient(port);
  const times: number[] = [];
  try {
    for (let trip = 0; trip < ROUND_TRIPS; trip++) {
      const startMs = monotonicMs();
      await client.request("GET", "/health");
      if (trip >= WARMING_UP) times.push(monotonicMs() - startMs);
    }
  } finally {
    await client.close();
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1]!;
}
