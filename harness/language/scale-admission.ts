// An instance with a share of its capacity lets in a share of the requests.
import type { AdmissionPlan, LimitPlan } from "../model/admission-plan.ts";
import { unreachable } from "../core/assert.ts";

export function scaledAdmission(admission: AdmissionPlan, share: number): AdmissionPlan {
  if (admission.type === "utilization") return admission;
  return { ...admission, limit: scaledLimit(admission.limit, share) };
}

function scaledLimit(limit: LimitPlan, share: number): LimitPlan {
  const scaled = (requests: number): number => Math.max(1, Math.round(requests * share));
  switch (limit.algorithm) {
    case "fixed":
      return { ...limit, limit: scaled(limit.limit) };
    case "vegas":
      return { ...limit, initialLimit: scaled(limit.initialLimit), maxLimit: scaled(limit.maxLimit) };
    case "envoyGradient":
      return { ...limit, minLimit: scaled(limit.minLimit), maxLimit: scaled(limit.maxLimit) };
    case "aimd":
    case "gradient2":
      return {
        ...limit,
        initialLimit: scaled(limit.initialLimit),
        minLimit: scaled(limit.minLimit),
        maxLimit: scaled(limit.maxLimit),
      };
    default:
      return unreachable(limit);
  }
}
