// An outlier detection with Envoy's numbers, and a few hosts.
import type { OutlierDetectionPlan } from "../../harness/model/call-plan.ts";
import { OutlierDetection } from "../../harness/policies/outlier-detection.ts";

export const envoy: OutlierDetectionPlan = {
  consecutive5xx: 5,
  consecutiveGatewayFailure: null,
  intervalMs: 10_000,
  baseEjectionTimeMs: 30_000,
  maxEjectionTimeMs: 300_000,
  maxEjectionRatio: 0.1,
  alwaysEjectOne: true,
  successRate: { minimumHosts: 5, requestVolume: 100, stdevFactor: 1.9 },
  failurePercentage: null,
  panicThreshold: 0.5,
};

export function detector(hosts: number, changes: Partial<OutlierDetectionPlan> = {}): OutlierDetection {
  const machine = new OutlierDetection({ ...envoy, ...changes });
  const slots = Array.from({ length: hosts }, (_, slot) => slot);
  machine.joined(slots, slots);
  machine.advance(0);
  return machine;
}
