// How long a round trip over loopback takes on this machine before the run: what injected network delays are less by.
import { Pool } from "undici";
import { originOf } from "./address-book.ts";
import { monotonicMs } from "./run-clock.ts";

const ROUND_TRIPS = 60;
/** The first ones pay for the connection and for code that was never run. */
const WARMING_UP = 20;

/** The median round trip to a mock service's health page, in milliseconds. */
export async function loopbackRoundTripMs(port: number): Promise<number> {
  const pool = new Pool(originOf(port), { connections: 1, pipelining: 1 });
  const times: number[] = [];
  try {
    for (let trip = 0; trip < ROUND_TRIPS; trip++) {
      const startMs = monotonicMs();
      const { body } = await pool.request({ path: "/health", method: "GET" });
      await body.dump();
      if (trip >= WARMING_UP) times.push(monotonicMs() - startMs);
    }
  } finally {
    await pool.close();
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1]!;
}
