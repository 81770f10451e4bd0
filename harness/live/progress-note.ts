// The last thing that happened, in a few words, for the line of progress.
import type { RunEvent } from "../recording/event.ts";

/** null where it is not worth a note. */
export function noteOf(event: RunEvent): string | null {
  switch (event.kind) {
    case "rollout":
      return `${event.version} ${event.phase}`;
    case "weight":
      return `${event.weight} % to ${event.version}`;
    case "gate":
      return `${event.analysis} ${event.result}`;
    case "alert":
      return `${event.alert} ${event.state}`;
    case "page":
      return `${event.team} ${event.state}`;
    case "action":
      return event.action;
    case "instance":
      return event.state === "crashed" || event.state === "paused" ? `${event.instance} ${event.state}` : null;
    case "scaling":
      return `${event.service} ${event.from} → ${event.to}`;
    case "ejection":
      return `${event.calls} ejections ${event.state}`;
    case "warning":
      return event.message;
    case "timeline":
    case "trigger":
    case "measurement":
      return null;
  }
}
