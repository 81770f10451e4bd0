// What makes a verdict less certain than it looks.
import type { Code } from "../core/codes.ts";
import type { Observation } from "./observation.ts";
import { windowStartMs } from "./observation.ts";
import type { VariantResult } from "./result.ts";
import type { Trigger } from "./trigger.ts";

type Warning = VariantResult["warnings"][number];

export function warningsOf(run: Observation, control: Observation | null, trigger: Trigger): Warning[] {
  const warnings: Warning[] = [];
  const warn = (code: string, message: string): void => {
    if (!warnings.some((known) => known.code === code && known.message === message)) warnings.push({ code, message });
  };
  const warnOf: (code: Code, message: string) => void = warn;
  const { plan, end, events } = run;
  for (const event of events) if (event.kind === "warning") warn(event.code, event.message);
  if (end.reason === "interrupted")
    warnOf(
      "interrupted",
      `the run was interrupted at ${Math.round((end.atMs - plan.warmUpMs) / 1000)} s: what is judged is the part before`,
    );
  if (end.reason === "unsound") warn(end.code, end.message);
  if (run.bucketsWithGaps > 0)
    warnOf(
      "missing-numbers",
      `in ${(run.bucketsWithGaps * plan.bucketMs) / 1000} s of the run, a process of the fleet did not report`,
    );
  if (control === null && trigger.beganMs !== null) {
    const { beganMs } = trigger;
    if (windowStartMs(run, 0) + run.grid.windowMs > beganMs) {
      warnOf(
        "no-steady-state",
        "there is no control run, and no full window before the trigger to compare with: everything bad counts as its doing",
      );
    }
    if (plan.timeline.some((event) => event.background && event.atMs >= beganMs)) {
      warnOf(
        "needs-control",
        "there are background events after the trigger and no control run: their harm counts as the trigger's; add --control",
      );
    }
  }
  return warnings;
}
