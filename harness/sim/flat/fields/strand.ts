// The integer fields of a strand, in its record: the first strand of a visit in that of the visit. What they mean is said
// in service/strands.ts.

export const state = 16;
export const node = 17;
export const parent = 18;
export const pending = 19;
export const call = 20;
export const visit = 21;
/** In the tasks: in their heap, or in their wheel (wheel.ts). */
export const place = 22;
export const rank = 23;
export const taskOrder = 24;
/** Its neighbours among the further strands of its visit: the one before it, the one after it. */
export const earlier = 44;
export const later = 45;
/** Its neighbours in its slot of the wheel. */
export const wheelNext = 46;
export const wheelPrevious = 47;
