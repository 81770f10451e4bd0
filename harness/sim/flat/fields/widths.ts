// The widths of the flat simulator's records (see memory.ts), and "none". The fields of a record are constants in modules
// of their own, not properties of objects: the bundler writes constants into the code, and that is a sixth of the speed.
// Fields that are used at the same time lie side by side, 16 to a cache line.

/** Nobody, nowhere, none. */
export const NONE = -1;

/**
 * A record: an attempt of a call and the visit it pays to an instance, in one, for they nearly always begin and end
 * together. A call that gives up an attempt goes on in a record of its own. The visit's first strand is the record
 * itself; a further strand, a sentinel of a list and a message that is no request each take a record, too.
 */
export const RECORD_WIDTH = 64;
export const REAL_SHIFT = 2;

export const UNIT_WIDTH = 32;
export const UNIT_WIDTH_SHIFT = 5;
export const UNIT_REAL_SHIFT = 1;
export const UNLIMITED = 0x7fffffff;

export const POLICY_WIDTH = 16;
export const POLICY_WIDTH_SHIFT = 4;
export const POLICY_REAL_SHIFT = 2;

export const NODE_WIDTH = 16;
export const NODE_WIDTH_SHIFT = 4;
