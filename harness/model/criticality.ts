// How much a request matters, as its user's load or journey says; calls carry it along, and an overloaded service refuses
// the least critical first. Source: Beyer et al., Site Reliability Engineering, chapter 21, "Criticality".

/** From the one that is refused last to the one that is refused first. Machines pass the index. */
export const CRITICALITIES = ["criticalPlus", "critical", "sheddablePlus", "sheddable"] as const;

export type Criticality = (typeof CRITICALITIES)[number];

/** What nobody has said anything else about. */
export const CRITICAL = 1;
