// A release that is everywhere from 60 to 120 s, recorded by hand and judged against the same without harm.
import type { Tally } from "../../harness/signals/tally.ts";
import { judge } from "../../harness/verdict/judge.ts";
import type { VariantResult } from "../../harness/verdict/result.ts";
import type { Scene } from "./synthetic-run.ts";
import { began, controlOf, expecting, gone, recorded } from "./synthetic-run.ts";

export const base: Scene = {
  weight: (second) => (second >= 60 && second < 120 ? 1 : 0),
  events: [began(60), gone(120)],
};

export function verdict(scene: Scene, control: Scene = {}): VariantResult {
  const whole = { ...base, ...scene };
  return judge(
    recorded(whole),
    controlOf({ ...(whole.plan === undefined ? {} : { plan: whole.plan }), ...control }),
    expecting(),
  );
}

/** Writes only while the release is there. */
export const during =
  (write: (tally: Tally, second: number) => void) =>
  (tally: Tally, second: number): void => {
    if (second >= 60 && second < 120) write(tally, second);
  };
