// How strong a fault is when, and which words act but once.
import { unreachable } from "../core/assert.ts";
import type { Disturbance } from "./disturbance.ts";

/** From 0 to 1: it grows in proportion to the time since it began, up to its full strength after `rampMs`. */
export function strengthOf(sinceBeginMs: number, rampMs: number | undefined): number {
  return rampMs === undefined ? 1 : Math.max(0, Math.min(1, sinceBeginMs / rampMs));
}

/** Whether a word acts at one moment and is over. */
export function isInstant(disturbance: Disturbance): boolean {
  if (disturbance.on !== "instance") return false;
  switch (disturbance.do) {
    case "kill":
    case "restart":
    case "flush":
      return true;
    case "stop":
    case "refuse":
    case "down":
    case "slowStart":
    case "leak":
    case "limitConnections":
    case "unready":
    case "capacity":
      return false;
    default:
      return unreachable(disturbance);
  }
}
