// Which row of a bucket belongs to whom. Computed from the Plan alone, so every process of a run agrees.
import type { Plan } from "../model/plan.ts";

/** Row numbers by entity index. */
export interface Layout {
  readonly serviceRows: readonly { readonly service: number; readonly variant: number; readonly zone: number }[];
  /** `serviceRow[service][variant][zone]`. */
  readonly serviceRow: readonly (readonly (readonly number[])[])[];
  readonly edgeCount: number;
  readonly journeyRows: readonly { readonly load: number; readonly journey: number }[];
  /** `journeyRow[load][journey]`, -1 where the load never goes on that journey. */
  readonly journeyRow: readonly (readonly number[])[];
  /** One row per entry of `Plan.timeline` that is a fault; `faultRow[timelineIndex]`, -1 for releases. */
  readonly faultRow: readonly number[];
  readonly faultCount: number;
  readonly serviceCount: number;
}

export function layoutOf(plan: Plan): Layout {
  const serviceRows: { service: number; variant: number; zone: number }[] = [];
  const serviceRow = plan.services.map((service, serviceIndex) =>
    service.variants.map((_, variant) =>
      plan.zones.map((_, zone) => serviceRows.push({ service: serviceIndex, variant, zone }) - 1),
    ),
  );
  const journeyRows: { load: number; journey: number }[] = [];
  const journeyRow = plan.loads.map((load, loadIndex) =>
    plan.journeys.map((_, journey) =>
      load.mix.some((entry) => entry.journey === journey) || load.population?.session?.journey === journey
        ? journeyRows.push({ load: loadIndex, journey }) - 1
        : -1,
    ),
  );
  let faultCount = 0;
  const faultRow = plan.timeline.map((event) => (event.do === "fault" ? faultCount++ : -1));
  return {
    serviceRows,
    serviceRow,
    edgeCount: plan.edges.length,
    journeyRows,
    journeyRow,
    faultRow,
    faultCount,
    serviceCount: plan.services.length,
  };
}
