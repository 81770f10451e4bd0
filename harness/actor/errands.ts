// What whoever keeps an instance has it do: an errand arrives like a request, from an address that no actor has.
import { hashText, mixHigh, mixLow } from "../core/key.ts";
import { CRITICAL } from "../model/criticality.ts";
import type { VariantPlan } from "../model/service-plan.ts";
import { isApart } from "../service/errand.ts";
import type { Instance } from "../service/instance.ts";

/** The return address of errands. */
export const KEEPER = -0x40000000;

const PURPOSE = hashText("errands");

/** An errand begins; it is in nobody's statistics, and its answer goes to the keeper, with this serial. */
export function beginErrand(machine: Instance, plan: VariantPlan, nowMs: number, errand: number, serial: number): void {
  const { visits, meters } = machine;
  const high = mixHigh(serial, errand, PURPOSE);
  const low = mixLow(serial, errand, PURPOSE);
  const visit = machine.arrive(nowMs, plan.operations.length + errand, high, low, 0, 0, Infinity);
  meters.arrived--;
  visits.returnActor[visit] = KEEPER;
  visits.returnSerial[visit] = serial;
  visits.item[visit] = 0;
  visits.criticality[visit] = CRITICAL;
  if (isApart(plan.life!, errand)) machine.admitApart(nowMs, visit);
  else machine.admit(nowMs, visit);
}
