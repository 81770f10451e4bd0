// The alarm of a process that can live with a grain of a millisecond: one timer, moved to the earliest due time.
import type { Alarm } from "./agenda.ts";
import type { RunClock } from "./run-clock.ts";

/** Timers longer than this overflow; the agenda asks again when it rings. */
const LONGEST_MS = 60_000;

export function timerAlarm(clock: RunClock): Alarm {
  let ring = (): void => {};
  let timer: NodeJS.Timeout | null = null;
  let armedForMs = Infinity;
  const fire = (): void => {
    timer = null;
    armedForMs = Infinity;
    ring();
  };
  return {
    onRing(given) {
      ring = given;
    },
    set(dueMs) {
      if (dueMs === armedForMs) return;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      armedForMs = dueMs;
      if (dueMs === Infinity) return;
      // Rounded down: a timer of n ms takes n to n + 1.1. One that fires too early costs one more timer.
      timer = setTimeout(fire, Math.min(LONGEST_MS, Math.max(1, Math.floor(dueMs - clock.nowMs()))));
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
