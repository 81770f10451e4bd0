// What a fault does, in words: the sizes of the disturbances that it answers with, so that a new fault needs no row here.
import { unreachable } from "../core/assert.ts";
import type { Distribution } from "../core/distribution.ts";
import type { Disturbance } from "../faults/disturbance.ts";
import { distributionText } from "./distribution-text.ts";
import { spanText } from "./duration-text.ts";
import { numberText, shareText } from "./number-text.ts";
import { sizeText } from "./size-text.ts";

/** Those of one fault, for after its name: `300 ms`, `503`; empty where the name says all. */
export function disturbanceWords(disturbances: readonly Disturbance[]): string {
  const isAlone = disturbances.length === 1;
  return disturbances
    .map((disturbance) => wordsOf(disturbance, isAlone))
    .filter((words) => words !== "")
    .join(", ");
}

function wordsOf(disturbance: Disturbance, isAlone: boolean): string {
  switch (disturbance.do) {
    case "delay":
      return isAlone ? distributionText(disturbance.time) : afterText(disturbance.time);
    case "unresolve":
      return afterText(disturbance.time);
    case "drip":
      return `over ${distributionText(disturbance.time)}`;
    case "answer":
      return String(disturbance.status);
    case "retransmit":
      return `of ${shareText(disturbance.loss)} (sent again after ${spanText(disturbance.timeoutMs)})`;
    case "transmit":
      return `of ${numberText(1000 / disturbance.messageMs)} messages/s`;
    case "multiply":
    case "slowStart":
      return `${numberText(disturbance.times)} times`;
    case "leak":
      return `${sizeText(disturbance.bytesPerMs * 1000)}/s`;
    case "limitConnections":
      return `to ${disturbance.most}`;
    case "capacity":
      return `down to ${shareText(disturbance.ratio)}`;
    case "reset":
    case "hang":
    case "garble":
    case "lose":
    case "kill":
    case "stop":
    case "refuse":
    case "restart":
    case "down":
    case "flush":
    case "unready":
      return "";
    default:
      return unreachable(disturbance);
  }
}

function afterText(time: Distribution): string {
  return time.kind === "constant" && time.ms === 0 ? "" : `after ${distributionText(time)}`;
}
