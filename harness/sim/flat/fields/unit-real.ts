// The number fields of a unit: integrals, as in service/meters.ts.

export const lastMs = 0;
export const inSystemMs = 1;
export const queuedMs = 2;
export const busyMs = 3;
export const cpuMs = 4;
export const sojournMs = 5;
export const lateMs = 6;
export const takenMs = 7;
export const observedMs = 8;
