// Which version an event of the timeline ships: code is released, everything else is pushed.
import type { PacedScenario } from "./compile-load.ts";
import type { Cursor } from "./cursor.ts";

type Event = PacedScenario["timeline"][number];

/** The version's name; undefined for a fault. */
export function shippedBy({ release, push }: Event): string | undefined {
  return release ?? push;
}

/** `cursor` stands on the event. */
export function checkKind({ release, push }: Event, versions: PacedScenario["versions"], cursor: Cursor): void {
  const kind = versions[release ?? push ?? ""]?.kind;
  if (kind === undefined) return;
  if (release !== undefined && kind !== "code")
    cursor.at("release").error("bad-value", `\`${release}\` is ${kind}, which is pushed`, `write \`push: ${release}\``);
  if (push !== undefined && kind === "code")
    cursor.at("push").error("bad-value", `\`${push}\` is code, which is released`, `write \`release: ${push}\``);
}
