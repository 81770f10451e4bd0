// How the conductor is made where a run may be on tape: as it is, or with what it is told and asks for on the tape.
import { taped, tapedPort } from "../core/tape.ts";
import type { Tape } from "../core/tape.ts";
import type { Plan } from "../model/plan.ts";
import type { CarePort } from "./care-port.ts";
import { Conductor } from "./conductor.ts";
import type { FleetPort } from "./fleet-port.ts";

/** `tape`: null = none, at no cost. An engine on tape does not report from within a command. */
export function conductorOf(plan: Plan, engine: FleetPort & CarePort, tape: Tape | null): Conductor {
  if (tape === null) return new Conductor(plan, engine, engine);
  const name = "conductor";
  tape.write(["make", name, name, null]);
  const port = tapedPort(tape, name, engine);
  return taped(tape, name, new Conductor(plan, port, port), ["begin", "wake", "closed", "up", "gone", "errandDone"]);
}
