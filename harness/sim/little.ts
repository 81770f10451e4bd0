// Little's law in its exact form, checked in every bucket of every run: over any interval the time integral of the number
// in system equals the sum of the times in system, each clipped to the interval. The two sides are counted apart (one at
// each change of the number, the other from each request's own start), so a request that is lost or ends twice shows.
import { assert } from "../core/assert.ts";
import { SERVICE, SERVICE_WIDTH } from "../signals/columns.ts";

/** Relative to the larger side; both sum rounding errors of a run of hours. */
const TOLERANCE = 1e-6;

/** `services` is the open bucket's table, its integrals brought up to the bucket's end. */
export function assertLittle(services: Float64Array): void {
  for (let row = 0; row < services.length; row += SERVICE_WIDTH) {
    const integralMs = services[row + SERVICE.inSystemMs]!;
    const sojournMs = services[row + SERVICE.sojournMs]!;
    if (Math.abs(integralMs - sojournMs) <= TOLERANCE * Math.max(1, integralMs, sojournMs)) continue;
    // The words only where they are needed: numbers take long to write.
    assert(false, `Little's law: ${integralMs} ms in system, but ${sojournMs} ms of requests' own times`);
  }
}
